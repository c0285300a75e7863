import type { Baseline } from '../../domain/health/baseline.ts';
import type { EmbeddingStability } from '../../domain/health/embedding/embedding-stability.ts';
import type { ModelVersion } from '../../domain/registry/model.ts';
import type { Feature } from '../../domain/registry/schemas.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EmbeddingStabilityStore } from '../../ports/embedding-stability-store.ts';
import type { EventStore } from '../../ports/event-store.ts';

/** What of a version never changes, once it is there. */
export type EvaluatedVersion = {
  readonly features?: readonly Feature[] | undefined;
  readonly baseline?: Baseline | undefined;
  /** What the comparison with the version before said, once it is there; only of versions with embeddings. */
  readonly embeddings?: EmbeddingStability | undefined;
};

export interface EvaluatedVersions {
  find(modelId: string, version: number): Promise<EvaluatedVersion>;
}

/** Counts of one feature over one stretch of time; 700,000 take some 250 MB: 500 versions of 20 features and 60 blocks. */
const rememberedCounts = 700_000;

type Options = {
  readonly maximumCounts?: number;
  /** @default embeddings are not looked at */
  readonly stabilities?: EmbeddingStabilityStore;
};

type Found = EvaluatedVersion & { readonly isComplete: boolean };

/** Remembers a version that has all it will ever have; the most recently used ones. */
export function createEvaluatedVersions(
  events: EventStore,
  baselines: BaselineStore,
  { maximumCounts = rememberedCounts, stabilities }: Options = {},
): EvaluatedVersions {
  const known = new Map<string, Found>();
  let held = 0;

  async function read(modelId: string, version: number): Promise<Found> {
    const [head, baseline] = await Promise.all([
      events.head<ModelVersion>(versionStream(modelId, version)),
      baselines.get(modelId, version),
    ]);
    const features = head?.state.features;
    const isCompared = stabilities !== undefined && head?.state.embeddings !== undefined;
    const embeddings = isCompared ? await stabilities.get(modelId, version) : undefined;
    const isWaiting = isCompared && embeddings === undefined;
    return {
      features,
      baseline,
      embeddings,
      isComplete: !isWaiting && features !== undefined && baseline !== undefined,
    };
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
      if (found.isComplete) {
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
