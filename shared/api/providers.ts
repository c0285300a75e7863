import { providerConfigurationSchema } from '../domain/graph/ingestion/provider-configuration.ts';
import { providerIdSchema, thinEventBodySchema } from '../domain/graph/ingestion/thin-event.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const params = z.strictObject({ provider: providerIdSchema });
const count = z.number().int();

const reconcile = z
  .object({
    generation: count.meta({ description: 'counts the provider’s reconciles' }),
    status: z
      .enum(['listing', 'retiring', 'succeeded', 'held', 'failed'])
      .meta({ description: 'held: so much was missing that nothing was retired' }),
    startedBy: z.string(),
    startedAt: instantSchema,
    updatedAt: instantSchema,
    endedAt: instantSchema.optional(),
    succeededAt: instantSchema.optional().meta({ description: 'of this one or the last one that did' }),
    isForced: z.boolean(),
    pages: count,
    counts: z.object({ listed: count, hydrated: count, failed: count, changed: count, retired: count }),
    notCompared: count.optional().meta({
      description:
        'things of kinds that the provider does not list, which a reconcile says nothing of; known at its end',
    }),
    reason: z.string().optional(),
  })
  .meta({ id: 'Reconcile' });

const provider = z
  .object({
    provider: providerIdSchema,
    configuration: providerConfigurationSchema,
    changedBy: z.string(),
    changedAt: instantSchema,
    circuit: z.enum(['closed', 'open', 'half-open', 'draining']),
    reconcile: reconcile.optional().meta({ description: 'the one begun last' }),
    lagMinutes: z.number().optional().meta({ description: 'since a reconcile succeeded; absent when none did' }),
    isLate: z.boolean(),
  })
  .meta({ id: 'Provider' });

const deletion = z
  .object({
    provider: providerIdSchema,
    deletedBy: z.string(),
    deletedAt: instantSchema,
    status: z.enum(['retiring', 'done']),
    retired: count.meta({ description: 'of what it said, so far' }),
  })
  .meta({ id: 'ProviderDeletion' });

export const listProviders = operation({
  id: 'listProviders',
  summary: 'The source systems that the graph is read from, how they are configured and how their reading stands.',
  response: z.object({
    items: z.array(provider),
    deleted: z.array(deletion).meta({ description: 'whose configuration was deleted, and was not set again' }),
  }),
});

export const setProvider = operation({
  id: 'setProvider',
  summary: 'Configure a source system: Metaflow’s metadata service, or any HTTP API by JSONata mappings.',
  params,
  body: providerConfigurationSchema,
  response: z.object({ provider: providerIdSchema, configuration: providerConfigurationSchema }),
  errors: ['invalid-mapping', 'reserved-provider', 'platform-taken', 'version-conflict'],
});

export const deleteProvider = operation({
  id: 'deleteProvider',
  summary:
    'Delete the configuration of a provider that is switched off. What it said is retired within the hour, and what others said of the same things stays. Deleted again it answers the same.',
  params,
  query: z.strictObject({
    claims: z.literal('retire').optional().meta({ description: 'needed when the provider was ever read' }),
  }),
  response: deletion,
  status: 202,
  errors: ['unknown-provider', 'illegal-transition', 'provider-has-claims', 'version-conflict'],
});

export const reconcileProvider = operation({
  id: 'reconcileProvider',
  summary: 'Compare the graph with everything that a provider has. While a reconcile runs, that one is given.',
  params,
  body: z.strictObject({ force: z.boolean().default(false).meta({ description: 'retire however much is missing' }) }),
  response: reconcile,
  status: 202,
  errors: ['unknown-provider', 'version-conflict'],
});

export const receiveProviderEvent = operation({
  id: 'receiveProviderEvent',
  summary:
    'Tell that something happened to things of a provider, with a webhook that is signed as Standard Webhooks says instead of a token. Their current state is then read from the provider.',
  params,
  body: thinEventBodySchema,
  response: z.object({ accepted: count }),
  status: 202,
  maxBodyBytes: 65_536,
  errors: ['webhook-not-authorized'],
});
