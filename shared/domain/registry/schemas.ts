import { entityIdSchema } from '../graph/entity-ref.ts';
import { outcomeTypeListSchema, samplingSchema } from '../ground-truth/outcome-types.ts';
import { sageMakerMappingSchema } from '../ground-truth/sagemaker-mapping.ts';
import { instantSchema } from '../time.ts';
import * as z from '../zod.ts';

export const modelIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,62}$/, 'expected 2 to 63 lower-case letters, digits or hyphens, starting with a letter');
export const teamSchema = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits or hyphens');
export const versionNumberSchema = z.coerce.number().int().min(1).max(1_000_000);
export const tierSchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)], {
  error: 'expected 1, 2, 3 or 4',
});
export const taskTypeSchema = z.enum(['binary', 'regression']);

export const featureSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/),
  type: z.enum(['numeric', 'categorical']),
  /** A required feature must be present in every prediction; `null` counts as missing. */
  required: z.boolean().default(true),
  /** Relative weight in the roll-up of drift, 0..1. */
  importance: z.number().min(0).max(1).default(1),
});
export const featureListSchema = z
  .array(featureSchema)
  .min(1)
  .max(500)
  .refine((list) => new Set(list.map((feature) => feature.name)).size === list.length, 'feature names must be unique');

/** More would leave none of them enough rows and significance. */
const maximumSegments = 10;
/** Each hour's counts are kept for every one of them. */
const maximumSegmentFeatures = 2_000;

/** Rows whose categorical `feature` has one of the `values`; judged apart from the whole. Segments may overlap. */
export const segmentDefinitionSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/, 'expected 1 to 63 letters, digits, _ or -'),
  feature: z.string(),
  values: z.array(z.string().min(1).max(200)).min(1).max(100),
});
export const segmentListSchema = z
  .array(segmentDefinitionSchema)
  .max(maximumSegments, `expected at most ${maximumSegments} segments`)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'segment names must be unique');

export const businessMetricSchema = z.strictObject({
  name: z.string().min(1).max(100),
  direction: z.enum(['higher-is-better', 'lower-is-better']),
  /** What has a value: a served prediction (`businessValue` of its outcome), or what a rollout assigns. @default prediction */
  per: z.enum(['prediction', 'unit']).optional(),
});

/** One of the stage's connections to orchestrators, and what is started there. */
export const orchestratorSchema = z.strictObject({
  connection: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a connection of the stage'),
  /** A workflow's id (Maestro), a flow's name (Metaflow), or the name of a state machine or of a pipeline. */
  pipeline: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'expected 1 to 128 letters, digits, ., _ or -'),
});

/** Body of `POST /v1/models`. */
export const modelDefinitionSchema = z
  .strictObject({
    name: modelIdSchema,
    description: z.string().max(2_000).default(''),
    domain: z.string().min(1).max(100),
    team: teamSchema,
    tier: tierSchema,
    taskType: taskTypeSchema,
    features: featureListSchema,
    /** Parts of the rows that are judged on their own as well. @default none */
    segments: segmentListSchema.optional(),
    businessMetric: businessMetricSchema.optional(),
    /**
     * What is done with a prediction decides which outcome is seen, as with a recommendation or a blocked payment. Then a
     * version that only scores along proves nothing, and a rollout is judged by the business metric of its arms alone.
     * @default false
     */
    outcomeDependsOnAction: z.boolean().optional(),
    /** How long after the prediction an outcome still counts. */
    attributionWindowMinutes: z.number().int().min(5).max(129_600).default(1_440),
    /** What is recorded of a prediction; the first is what the model is judged by. @default one, `label` */
    outcomeTypes: outcomeTypeListSchema.optional(),
    /** @default every prediction is sent */
    sampling: samplingSchema.optional(),
    /** How long the join of the stream waits for the other side; later ones are joined by the batch. @default the window */
    speedWindowMinutes: z.number().int().min(5).max(129_600).optional(),
    /** How its rows stand in files that SageMaker captured. @default as its features are listed */
    sagemaker: sageMakerMappingSchema.optional(),
    /** What trains it. @default whoever takes its requests from the training queue */
    orchestrator: orchestratorSchema.optional(),
    /** Models whose output this model consumes. */
    upstreamModels: z.array(modelIdSchema).max(100).default([]),
    /**
     * The model that it accompanies, as an explainer does: it is retrained for every new version of that one, at once, and
     * whatever its own cooldown.
     */
    companionOf: modelIdSchema.optional(),
    /** People who answer for it, beside the team; ids as the identity provider knows them. */
    owners: z.array(entityIdSchema).max(20).optional(),
    /** k(model): how many buckets its predictions are hashed to; fixed at registration. */
    buckets: z.number().int().min(1).max(1_024).default(1),
  })
  .superRefine(({ features, segments = [], sampling, outcomeTypes, taskType }, context) => {
    const named = new Set(segments.map(({ name }) => name));
    for (const [index, name] of (sampling?.exemptSegments ?? []).entries())
      if (!named.has(name))
        context.addIssue({
          code: 'custom',
          path: ['sampling', 'exemptSegments', index],
          message: `expected the name of one of the model's segments, got ${JSON.stringify(name)}`,
        });
    if (taskType === 'binary' && outcomeTypes !== undefined && outcomeTypes[0]?.kind !== 'binary')
      context.addIssue({
        code: 'custom',
        path: ['outcomeTypes', 0, 'kind'],
        message: 'expected the primary outcome type of a binary model to be binary',
      });
    const categorical = new Set(features.flatMap(({ name, type }) => (type === 'categorical' ? [name] : [])));
    for (const [index, { feature }] of segments.entries())
      if (!categorical.has(feature))
        context.addIssue({
          code: 'custom',
          path: ['segments', index, 'feature'],
          message: `expected a categorical feature of the model, got ${JSON.stringify(feature)}`,
        });
    if (segments.length * features.length > maximumSegmentFeatures)
      context.addIssue({
        code: 'custom',
        path: ['segments'],
        message: `expected segments times features to be at most ${maximumSegmentFeatures}, got ${segments.length * features.length}`,
      });
  });

export const artifactUriSchema = z
  .string()
  .regex(/^s3:\/\/[a-z0-9.-]{3,63}\/[\w!.*'()/=-]{1,900}$/, 'expected s3://bucket/key');
export const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits');

/** Columns of a reference window that is a table; `score`, `label` and `predictedAt` when not named. */
const referenceColumnsSchema = z.strictObject({
  score: z.string().min(1).max(200).optional(),
  label: z.string().min(1).max(200).optional(),
  predictedAt: z.string().min(1).max(200).optional(),
});

/** Vectors by id in a CSV, NDJSON or Parquet file: a column for each coordinate, or one column of lists. */
const embeddingsSchema = z.strictObject({
  uri: artifactUriSchema,
  idColumn: z.string().min(1).max(200),
  /** The same vectors in the coordinates of the version before, published for consumers of raw coordinates. */
  alignedUri: artifactUriSchema.optional(),
  /** The same training on resampled data: what changes by chance alone, against which the next version is held. */
  bootstrapUri: artifactUriSchema.optional(),
  /** Coordinates of a vector. */
  dimension: z.number().int().min(1).max(65_536).optional(),
  /** Vectors of the same space may be compared with each other, whichever version made them. */
  spaceId: entityIdSchema.optional(),
  /** Spaces whose consumers can take these vectors as they are. */
  compatibleSpaceIds: z.array(entityIdSchema).max(50).optional(),
});

/** Body of `POST /v1/models/{modelId}/versions`. */
export const versionDefinitionSchema = z.strictObject({
  artifactUri: artifactUriSchema,
  artifactDigest: digestSchema,
  environmentLockDigest: digestSchema,
  trainingRun: z.string().min(1).max(200),
  datasetVersions: z
    .array(z.strictObject({ dataset: entityIdSchema, version: z.string().min(1).max(200) }))
    .min(1)
    .max(100),
  /** Name of what trained it, e.g. `flights/training`. */
  pipeline: entityIdSchema.optional(),
  /** Versions of other models whose output it was trained on. */
  upstreamVersions: z
    .array(z.strictObject({ modelId: modelIdSchema, version: versionNumberSchema }))
    .max(100)
    .optional(),
  trainingDataStart: instantSchema.optional(),
  trainingDataEnd: instantSchema,
  codeLink: z.url().max(1_000),
  offlineMetrics: z.record(z.string().max(100), z.number()).default({}),
  /**
   * Rows never trained on. A key that ends in .parquet, .csv or .csv.gz is a table whose columns are features by name,
   * `columns` and others; anything else is NDJSON, one `{features, score, label?, predictedAt?}` per line, gzipped if
   * the key ends in .gz.
   */
  referenceWindow: z.strictObject({
    uri: artifactUriSchema,
    from: instantSchema,
    to: instantSchema,
    columns: referenceColumnsSchema.optional(),
  }),
  /** Defaults to the model's features. */
  features: featureListSchema.optional(),
  /** Compared with those of the version before that has some. */
  embeddings: embeddingsSchema.optional(),
});

/** A service that calls the model, and the team to tell when the model changes. */
export const consumerSchema = z.strictObject({
  service: entityIdSchema,
  team: teamSchema.optional(),
  /**
   * Asked whether it can load a candidate, before that gets traffic. `queue`: its own SQS queue, by a rule on the bus;
   * `https`: by a POST to a public address.
   */
  loadProbe: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('queue') }),
      z.strictObject({ kind: z.literal('https'), url: z.url({ protocol: /^https$/ }).max(500) }),
    ])
    .optional(),
  /** What it does with the model's vectors works in this space only. */
  embeddings: z
    .strictObject({ spaceId: entityIdSchema, dimension: z.number().int().min(1).max(65_536).optional() })
    .optional(),
});
export const consumerListSchema = z
  .array(consumerSchema)
  .max(500)
  .refine((list) => new Set(list.map(({ service }) => service)).size === list.length, 'services must be unique');

export type Consumer = z.infer<typeof consumerSchema>;
export type ReferenceColumnNames = z.infer<typeof referenceColumnsSchema>;
export type VersionEmbeddings = z.infer<typeof embeddingsSchema>;
export type Feature = z.infer<typeof featureSchema>;
export type SegmentDefinition = z.infer<typeof segmentDefinitionSchema>;
export type TaskType = z.infer<typeof taskTypeSchema>;
export type Tier = z.infer<typeof tierSchema>;
export type ModelDefinition = z.infer<typeof modelDefinitionSchema>;
export type VersionDefinition = z.infer<typeof versionDefinitionSchema>;

/** Where a model is in its life, as design and API name it. */
export const lifecycleSchema = z.enum([
  'registered',
  'active',
  'monitoring',
  'at-risk',
  'retraining',
  'validating',
  'rollback',
  'deprecated',
  'retired',
]);
