import { RunwayError } from '../../domain/errors.ts';
import type { EmbeddingStability } from '../../domain/health/embedding/embedding-stability.ts';
import type { EmbeddingStabilityStore } from '../../ports/embedding-stability-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadVersion } from '../registry/change-version.ts';
import { previousWithEmbeddings } from './previous-with-embeddings.ts';

type Ports = { readonly events: EventStore; readonly stabilities: EmbeddingStabilityStore };

/** Throws `NotFound` (`unknown-version`, or `no-embedding-stability` with the reason why there is none). */
export async function viewEmbeddingStability(
  { events, stabilities }: Ports,
  modelId: string,
  version: number,
): Promise<EmbeddingStability> {
  const stability = await latestEmbeddingStability(stabilities, modelId, version);
  if (stability !== undefined) return stability;
  const { embeddings } = (await loadVersion(events, modelId, version)).state;
  if (embeddings === undefined) throw none(`version ${version} of ${modelId} was registered without embeddings`);
  const previous = await previousWithEmbeddings(events, modelId, version);
  throw none(
    previous === undefined
      ? `no version of ${modelId} before ${version} has embeddings to compare with`
      : `version ${version} of ${modelId} has not been compared with version ${previous.version} yet`,
  );
}

/** What the comparison of a version said; undefined when there is none yet, or nothing to compare. */
export function latestEmbeddingStability(
  stabilities: EmbeddingStabilityStore,
  modelId: string,
  version: number,
): Promise<EmbeddingStability | undefined> {
  return stabilities.get(modelId, version);
}

function none(reason: string): RunwayError {
  return new RunwayError('NotFound', 'no-embedding-stability', reason);
}
