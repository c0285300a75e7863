import type { Baseline } from '../../domain/health/baseline.ts';
import type { ModelVersion } from '../../domain/registry/model.ts';
import type { Feature } from '../../domain/registry/schemas.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EventStore } from '../../ports/event-store.ts';

/** What of a version never changes, once it is there. */
export type EvaluatedVersion = {
  readonly features?: readonly Feature[] | undefined;
  readonly baseline?: Baseline | undefined;
};

export interface EvaluatedVersions {
  find(modelId: string, version: number): Promise<EvaluatedVersion>;
}

/** Of ten features a version takes some 20 KB. */
const rememberedVersions = 2_000;

/** Remembers a version that has both its features and its baseline; the most recently used ones. */
export function createEvaluatedVersions(events: EventStore, baselines: BaselineStore): EvaluatedVersions {
  const known = new Map<string, EvaluatedVersion>();

  async function read(modelId: string, version: number): Promise<EvaluatedVersion> {
    const [head, baseline] = await Promise.all([
      events.head<ModelVersion>(versionStream(modelId, version)),
      baselines.get(modelId, version),
    ]);
    return { features: head?.state.features, baseline };
  }

  return {
    async find(modelId, version) {
      const key = `${modelId} ${version}`;
      const found = known.get(key) ?? (await read(modelId, version));
      known.delete(key);
      if (found.features !== undefined && found.baseline !== undefined) known.set(key, found);
      for (const oldest of known.keys()) {
        if (known.size <= rememberedVersions) break;
        known.delete(oldest);
      }
      return found;
    },
  };
}
