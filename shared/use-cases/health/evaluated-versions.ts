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

/** Counts of one feature over one stretch of time; 700,000 take some 250 MB: 500 versions of 20 features and 60 blocks. */
const rememberedCounts = 700_000;

/** Remembers a version that has both its features and its baseline; the most recently used ones. */
export function createEvaluatedVersions(
  events: EventStore,
  baselines: BaselineStore,
  maximumCounts: number = rememberedCounts,
): EvaluatedVersions {
  const known = new Map<string, EvaluatedVersion>();
  let held = 0;

  async function read(modelId: string, version: number): Promise<EvaluatedVersion> {
    const [head, baseline] = await Promise.all([
      events.head<ModelVersion>(versionStream(modelId, version)),
      baselines.get(modelId, version),
    ]);
    return { features: head?.state.features, baseline };
  }

  function forget(key: string): void {
    const forgotten = known.get(key);
    if (forgotten === undefined) return;
    held -= countsOf(forgotten);
    known.delete(key);
  }

  return {
    async find(modelId, version) {
      const key = `${modelId} ${version}`;
      const found = known.get(key) ?? (await read(modelId, version));
      forget(key);
      if (found.features !== undefined && found.baseline !== undefined) {
        known.set(key, found);
        held += countsOf(found);
      }
      for (const oldest of known.keys()) {
        if (held <= maximumCounts) break;
        forget(oldest);
      }
      return found;
    },
  };
}

function countsOf({ features = [], baseline }: EvaluatedVersion): number {
  return (features.length + 1) * (1 + (baseline?.blocks?.length ?? 0));
}
