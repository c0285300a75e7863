import type { ModelVersion } from '../../domain/registry/model.ts';
import type { VersionEmbeddings } from '../../domain/registry/schemas.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import type { EventStore } from '../../ports/event-store.ts';

/** Versions before it that are looked at; a model that left embeddings out for longer starts anew. */
const lookedAt = 100;

type Previous = { readonly version: number; readonly embeddings: VersionEmbeddings };

export async function previousWithEmbeddings(
  events: EventStore,
  modelId: string,
  version: number,
): Promise<Previous | undefined> {
  for (let number = version - 1; number >= Math.max(1, version - lookedAt); number -= 1) {
    const head = await events.head<ModelVersion>(versionStream(modelId, number));
    if (head?.state.embeddings !== undefined) return { version: number, embeddings: head.state.embeddings };
  }
  return undefined;
}
