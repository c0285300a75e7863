import { isRunwayError } from '../../domain/errors.ts';
import { defaultEmbeddingLimits } from '../../domain/health/embedding/embedding-limits.ts';
import { embeddingReport } from '../../domain/health/embedding/embedding-report.ts';
import type { EmbeddingStability } from '../../domain/health/embedding/embedding-stability.ts';
import { commonSample } from '../../domain/health/embedding/id-sample.ts';
import { judgeEmbeddings } from '../../domain/health/embedding/judge-embeddings.ts';
import type { VersionEmbeddings } from '../../domain/registry/schemas.ts';
import type { Instant } from '../../domain/time.ts';
import type { EmbeddingReader } from '../../ports/embedding-reader.ts';
import type { EmbeddingStabilityStore } from '../../ports/embedding-stability-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadVersion } from '../registry/change-version.ts';
import { previousWithEmbeddings } from './previous-with-embeddings.ts';

type Ports = {
  readonly events: EventStore;
  readonly reader: EmbeddingReader;
  readonly stabilities: EmbeddingStabilityStore;
};

type Compared = Pick<EmbeddingStability, 'inputs' | 'sample' | 'report' | 'reason'>;

/**
 * Compares a version's embeddings with those of the version before that has some, once: what was compared stays. Nothing
 * when there is nothing to compare. A file that cannot be used is an answer too, with its reason. Throws `NotFound`.
 */
export async function compareEmbeddings(
  { events, reader, stabilities }: Ports,
  { modelId, version, now }: { readonly modelId: string; readonly version: number; readonly now: Instant },
): Promise<EmbeddingStability | undefined> {
  const known = await stabilities.get(modelId, version);
  if (known !== undefined) return known;
  const { embeddings } = (await loadVersion(events, modelId, version)).state;
  const previous = embeddings && (await previousWithEmbeddings(events, modelId, version));
  if (embeddings === undefined || previous === undefined) return undefined;
  const stability: EmbeddingStability = {
    modelId,
    version,
    referenceVersion: previous.version,
    comparedAt: now,
    limits: defaultEmbeddingLimits,
    ...(await compared(reader, previous.embeddings, embeddings, version)),
  };
  await stabilities.put(stability);
  return stability;
}

async function compared(
  reader: EmbeddingReader,
  reference: VersionEmbeddings,
  current: VersionEmbeddings,
  seed: number,
): Promise<Compared> {
  try {
    return await compareFiles(reader, reference, current, seed);
  } catch (error) {
    if (!isRunwayError(error) || error.name !== 'ArtifactUnusable') throw error;
    return { inputs: null, sample: null, report: null, reason: error.message };
  }
}

async function compareFiles(
  reader: EmbeddingReader,
  reference: VersionEmbeddings,
  current: VersionEmbeddings,
  seed: number,
): Promise<Compared> {
  const noise = noiseOf(reference, current);
  const before = await reader.read(reference.uri, reference.idColumn);
  const after = await reader.read(current.uri, current.idColumn);
  const again = noise && (await reader.read(noise.uri, noise.idColumn));
  const published =
    current.alignedUri === undefined ? undefined : await reader.read(current.alignedUri, current.idColumn);
  const { sets, sampledRatio } = commonSample([
    before,
    after,
    ...[again, published].filter((set) => set !== undefined),
  ]);
  const [first, second, ...others] = sets as [(typeof sets)[0], (typeof sets)[0], ...typeof sets];
  const repeated = again && others.shift();
  const aligned = published && others.shift();
  const original = noise?.of === 'current' ? second : first;
  const comparison = judgeEmbeddings(
    { reference: first, current: second },
    {
      seed,
      noise: repeated === undefined ? [] : [{ reference: original, current: repeated }],
      ...(aligned === undefined ? {} : { aligned }),
    },
  );
  return {
    inputs: {
      reference: before.file,
      current: after.file,
      aligned: published?.file ?? null,
      bootstrap: again === undefined || noise === undefined ? null : { ...again.file, of: noise.of },
    },
    sample: { idRatio: sampledRatio, rows: comparison.n, shared: comparison.rows.shared },
    report: embeddingReport(comparison),
    reason: null,
  };
}

/** The serving side knows the reference, so its noise is preferred. */
function noiseOf(reference: VersionEmbeddings, current: VersionEmbeddings) {
  for (const [of, { bootstrapUri, idColumn }] of [
    ['reference', reference],
    ['current', current],
  ] as const)
    if (bootstrapUri !== undefined) return { of, uri: bootstrapUri, idColumn };
  return undefined;
}
