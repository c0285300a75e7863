import { dependencyChanges } from '../domain/registry/dependency-change.ts';
import { policySchema } from '../domain/registry/policy.ts';
import {
  artifactUriSchema,
  consumerListSchema,
  digestSchema,
  featureListSchema,
  lifecycleSchema,
  modelDefinitionSchema,
  modelIdSchema,
  teamSchema,
  versionDefinitionSchema,
  versionNumberSchema,
} from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const modelParams = z.strictObject({ modelId: modelIdSchema });
const versionParams = z.strictObject({ modelId: modelIdSchema, version: versionNumberSchema });
const limit = z.coerce.number().int().min(1).max(100).default(50);
const pageQuery = { limit, cursor: z.string().max(1_000).optional() };
const reason = z.string().min(1).max(1_000);

const cause = z.enum(['performance', 'drift', 'schedule', 'manual', 'policy', 'cascade', 'external']);

const routing = z
  .object({
    modelId: modelIdSchema,
    generation: z.number(),
    changedAt: instantSchema,
    arms: z.array(
      z.object({
        version: z.number(),
        role: z.enum(['champion', 'challenger', 'candidate']),
        weightPercent: z.number(),
      }),
    ),
    shadows: z.array(z.object({ version: z.number(), until: instantSchema.optional() })),
    rolloutId: z.string().optional(),
  })
  .meta({ id: 'RoutingTable' });

const model = z
  .object({
    modelId: modelIdSchema,
    definition: modelDefinitionSchema,
    policy: policySchema,
    policyVersion: z.number(),
    lifecycle: lifecycleSchema,
    lifecycleSince: instantSchema,
    registeredAt: instantSchema,
    health: z.object({
      status: z.enum(['unknown', 'healthy', 'at-risk']),
      since: instantSchema,
      evaluationId: z.string().optional(),
      causes: z.array(z.string()).optional(),
    }),
    /** At risk for longer than the policy bears; what becomes of it, a person decides. */
    dependencyChanges: z
      .array(
        z.object({
          changeId: z.string(),
          uri: z.string(),
          change: z.enum(dependencyChanges),
          reason: z.string(),
          path: z.array(z.string()),
          at: instantSchema,
        }),
      )
      .optional()
      .meta({ description: 'what changed upstream, oldest first; the newest twenty' }),
    deprecationProposal: z.object({ since: instantSchema, proposedAt: instantSchema, reason: z.string() }).optional(),
    consumers: consumerListSchema.optional(),
    versionCount: z.number(),
    champion: z
      .object({
        version: z.number(),
        since: instantSchema,
        trainingDataEnd: instantSchema,
        previous: z.number().optional(),
      })
      .optional(),
    /** First champion: its baseline is the anchor that those of later versions are compared with. */
    anchorVersion: z.number().optional(),
    routing: routing.optional(),
    retrainCount: z.number(),
    openRetrain: z.object({ retrainId: z.string(), causes: z.array(cause), requestedAt: instantSchema }).optional(),
    lastRetrainRequestedAt: instantSchema.optional(),
    rolloutCount: z.number(),
    openRollout: z.object({ rolloutId: z.string(), candidate: z.number(), startedAt: instantSchema }).optional(),
  })
  .meta({ id: 'Model' });

const version = versionDefinitionSchema
  .extend({
    modelId: modelIdSchema,
    version: z.number(),
    features: featureListSchema,
    status: z.enum(['registered', 'candidate', 'champion', 'withdrawn', 'refused', 'rolled-back']),
    registeredAt: instantSchema,
    deployedAt: instantSchema.optional(),
    /** A large reference window is read after the version is registered; until it is `ready` the version cannot serve. */
    baselineStatus: z
      .discriminatedUnion('status', [
        z.object({ status: z.enum(['pending', 'ready']) }),
        z.object({ status: z.literal('failed'), reason: z.string() }),
      ])
      .optional(),
  })
  .meta({ id: 'ModelVersion' });
const baselineSummary = z.object({
  n: z.number(),
  from: instantSchema,
  to: instantSchema,
  /** Rows drawn to find the deciles of the numbers; absent when all rows did. */
  sampledRows: z.number().optional(),
  /** Stretches of whole days, none when the rows carry no time: without eight of them drift has no evidence by days. */
  blocks: z.number(),
  /** Features, the least important ones, whose counts by block did not fit. */
  blocksOmitted: z.array(z.string()),
  performance: z
    .object({
      kind: z.enum(['binary', 'regression']),
      n: z.number(),
      values: z.record(z.string(), z.number().nullable()),
      reasons: z.record(z.string(), z.string().optional()),
    })
    .optional(),
});

const commit = z
  .object({
    streamId: z.string(),
    version: z.number(),
    events: z.array(z.looseObject({ type: z.string(), schemaVersion: z.number() })),
    actor: z.object({
      id: z.string(),
      kind: z.enum(['person', 'service', 'system']),
      roles: z.array(z.string()),
      teams: z.array(z.string()),
    }),
    reason: z.string(),
    occurredAt: instantSchema,
    /** Of the request, schedule or record that caused it; the same in the logs and in every stream it touched. */
    correlationId: z.string().optional(),
    hash: z.string(),
    previousHash: z.string(),
  })
  .meta({ id: 'Commit' });

function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), cursor: z.string().optional() });
}

export const registerModel = operation({
  id: 'registerModel',
  summary: 'Register a model. It gets the policy of its tier.',
  body: modelDefinitionSchema,
  response: model,
  status: 201,
  errors: ['model-exists', 'unknown-upstream'],
});

export const listModels = operation({
  id: 'listModels',
  summary: 'All models, or those of a team, by name.',
  query: z.strictObject({ team: teamSchema.optional(), ...pageQuery }),
  response: pageOf(model),
  errors: ['invalid-cursor'],
});

export const getModel = operation({
  id: 'getModel',
  summary: 'A model as it is, or as it was at a past moment. The ETag is its version.',
  params: modelParams,
  query: z.strictObject({ asOf: instantSchema.optional() }),
  response: model,
  errors: ['unknown-model', 'as-of-in-future'],
});

export const changeLifecycle = operation({
  id: 'changeLifecycle',
  summary: 'Deprecate a model, or retire a deprecated one.',
  params: modelParams,
  body: z.strictObject({ to: z.enum(['deprecated', 'retired']), reason }),
  response: model,
  errors: ['unknown-model', 'illegal-transition', 'precondition-failed', 'version-conflict'],
});

export const changePolicy = operation({
  id: 'changePolicy',
  summary: 'Replace the policy of a model as a whole.',
  params: modelParams,
  body: policySchema,
  response: model,
  errors: [
    'unknown-model',
    'unknown-feature',
    'invalid-rule',
    'invalid-gate',
    'illegal-transition',
    'precondition-failed',
    'version-conflict',
  ],
});

export const declareConsumers = operation({
  id: 'declareConsumers',
  summary: 'Declare all services that call a model, in place of those declared before. Impact is answered from them.',
  params: modelParams,
  body: z.strictObject({ consumers: consumerListSchema }),
  response: model,
  errors: ['unknown-model', 'illegal-transition', 'precondition-failed', 'version-conflict'],
});

export const getHistory = operation({
  id: 'getHistory',
  summary: 'What happened to a model, oldest first. Each commit carries the hash of the one before.',
  params: modelParams,
  query: z.strictObject({
    limit,
    cursor: z
      .string()
      .regex(/^\d{1,9}$/, 'expected the cursor of the page before')
      .optional(),
  }),
  response: pageOf(commit),
  errors: ['unknown-model'],
});

export const registerVersion = operation({
  id: 'registerVersion',
  summary: 'Register what a training run made. The same run with the same artefact gets the version it has.',
  params: modelParams,
  body: versionDefinitionSchema,
  response: version,
  status: 201,
  errors: [
    'unknown-model',
    'unknown-upstream',
    'invalid-version',
    'artifact-missing',
    'artifact-changed',
    'foreign-bucket',
    'digest-mismatch',
    'malformed-reference-window',
    'training-run-exists',
    'illegal-transition',
    'version-conflict',
  ],
});

export const listVersions = operation({
  id: 'listVersions',
  summary: "A model's versions, newest first.",
  params: modelParams,
  query: z.strictObject(pageQuery),
  response: pageOf(version),
  errors: ['unknown-model', 'invalid-cursor'],
});

export const getVersion = operation({
  id: 'getVersion',
  summary: 'A version, with what is known of its reference window.',
  params: versionParams,
  response: version.extend({ baseline: baselineSummary.optional() }),
  errors: ['unknown-version'],
});

export const deployVersion = operation({
  id: 'deployVersion',
  summary: 'Make the first version champion (201), or start the rollout of a later one against the champion (202).',
  params: versionParams,
  body: z
    .strictObject({
      reason: reason.optional(),
      /** Rows both versions scored; without it validation is inconclusive and the candidate is refused. */
      holdout: z.strictObject({ uri: artifactUriSchema, digest: digestSchema }).optional(),
    })
    .default({}),
  response: z.discriminatedUnion('result', [
    z.object({ result: z.literal('champion'), modelId: modelIdSchema, version: z.number() }),
    z.object({ result: z.literal('rollout'), modelId: modelIdSchema, version: z.number(), rolloutId: z.string() }),
  ]),
  status: 201,
  errors: [
    'unknown-model',
    'unknown-version',
    'artifact-missing',
    'digest-mismatch',
    'illegal-transition',
    'precondition-failed',
    'version-conflict',
  ],
});

export const getOpenApi = operation({
  id: 'getOpenApi',
  summary: 'This document.',
  response: z.record(z.string(), z.unknown()),
});
