import { digestSchema, modelIdSchema, versionNumberSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const figure = z.number().nullable();
const count = z.number().int();
const kind = z.enum(['ok', 'warning', 'breach', 'insufficient-data']);
const limits = z.object({ warning: z.number(), breach: z.number() });
const file = z.object({ uri: z.string(), digest: digestSchema });

const check = z.object({
  name: z.string(),
  verdict: kind,
  /** One sentence. */
  reason: z.string(),
  value: figure,
  /** The same between versions that differ by resampled training data only. */
  noise: figure,
  limits: limits.nullable(),
  /** Of the value, 99 %. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  pValue: figure,
  n: count,
});

const sideVerdict = z
  .object({ kind, reason: z.string(), n: count, nNeeded: count, checks: z.array(check) })
  .meta({ id: 'EmbeddingVerdict' });

const report = z.object({
  n: count,
  /** Whether enough ids are shared to compare vectors id by id. */
  relation: z.enum(['matched', 'unmatched']),
  idCoverage: figure,
  ids: z.object({ shared: count, lost: count, added: count, duplicates: count, spoiled: count }),
  cosineRaw: z.object({ mean: figure, q01: figure, q05: figure, min: figure }),
  /** After the best rotation. */
  procrustes: z.object({ meanCosine: figure, relativeResidual: figure }),
  knnOverlap: z.object({ k: count, meanOverlap: figure }),
  ckaLinear: figure,
  ckaLinearDebiased: figure,
  centroidShift: z.object({ euclidean: figure, cosineDistance: figure, overSpread: figure }),
  normRatio: figure,
  spreadRatio: figure,
  effectiveRank: z.object({ reference: figure, current: figure }),
  mmd: z.object({ mmd2Unbiased: figure, pValue: figure }),
  /** Why a figure is null, by its name. */
  reasons: z.record(z.string(), z.string()),
  seed: z.number(),
  verdict: z.object({
    kind,
    reason: z.string(),
    /** What no rotation undoes. */
    intrinsic: sideVerdict,
    /** What consumers of raw coordinates meet. */
    coordinates: sideVerdict,
  }),
});

export const getEmbeddingStability = operation({
  id: 'getEmbeddingStability',
  summary: "A version's embeddings against those of the version before: what changed, and what only turned.",
  params: z.strictObject({ modelId: modelIdSchema, version: versionNumberSchema }),
  response: z
    .object({
      modelId: modelIdSchema,
      version: count,
      referenceVersion: count,
      comparedAt: instantSchema,
      inputs: z
        .object({
          reference: file,
          current: file,
          aligned: file.nullable(),
          bootstrap: file.extend({ of: z.enum(['reference', 'current']) }).nullable(),
        })
        .nullable(),
      limits: z.record(z.string(), z.union([limits, z.object({ alone: limits, beyondNoise: limits })])),
      sample: z.object({ idRatio: z.number(), rows: count, shared: count }).nullable(),
      /** Null when a file could not be used; `reason` says why. */
      report: report.nullable(),
      reason: z.string().nullable(),
    })
    .meta({ id: 'EmbeddingStability' }),
  errors: ['unknown-version', 'no-embedding-stability'],
});
