import * as z from '../../zod.ts';
import { type EntityType, entityTypes } from '../entity-types.ts';
import { providerIdPattern } from '../provider-contribution.ts';

const expression = z.string().min(1).max(8_000).meta({ description: 'JSONata' });
const path = z
  .string()
  .max(500)
  .regex(/^\/[^\s#]*$/, 'expected a path that begins with /');
const eventTypes = z.array(z.string().regex(/^[\w.:-]{1,100}$/)).max(20);

const common = {
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  /** False: nothing is asked of it any more; what it said stays. */
  enabled: z.boolean().default(true),
  requestsPerSecond: z.number().min(0.1).max(500).default(20),
  reconcileMinutes: z
    .number()
    .int()
    .min(5)
    .max(7 * 24 * 60)
    .default(60),
  /** `secret`: request headers as a JSON object, in the secret `…/providers/<provider>/headers`. */
  authentication: z.enum(['none', 'secret']).default('none'),
  timeoutSeconds: z.number().min(1).max(60).default(10),
};

/** How one kind of thing is read over HTTP; docs/providers.md has an example. */
export const httpEntitySchema = z.strictObject({
  type: z.enum(entityTypes),
  /** Types of thin events that mean it; the type's own name always does. */
  events: eventTypes.default([]),
  hydrate: z.strictObject({
    /** `{id}` is replaced by the id, `{0}`, `{1}` … by what lies between its slashes. */
    path,
    /** From the answer to the statement about the thing. */
    statement: expression,
  }),
  list: z
    .strictObject({
      path,
      /** From the answer to the things on the page. @default the answer itself, when it is an array */
      items: expression.optional(),
      /** From a thing on the page to its id. */
      id: expression,
      /** From a thing on the page to what changes with its state, e.g. the time of its last change; else it is read anew each time. */
      version: expression.optional(),
      /** From the answer to the path or address of the next page; nothing when it was the last. @default there is one page */
      next: expression.optional(),
    })
    .optional(),
});

export const httpConfigurationSchema = z.strictObject({
  kind: z.literal('http'),
  ...common,
  /** Of its entities' URIs. @default the provider's id */
  platform: z.string().regex(providerIdPattern).optional(),
  /** How long an answer to what an event did not ask about is taken for current. */
  cacheSeconds: z.number().int().min(0).max(3_600).default(60),
  entities: z.array(httpEntitySchema).min(1).max(20),
});

export const metaflowConfigurationSchema = z.strictObject({
  kind: z.literal('metaflow'),
  ...common,
  platform: z.string().regex(providerIdPattern).optional(),
});

export const providerConfigurationSchema = z
  .discriminatedUnion('kind', [httpConfigurationSchema, metaflowConfigurationSchema])
  .meta({ id: 'ProviderConfiguration' });

export type ProviderConfiguration = z.output<typeof providerConfigurationSchema>;
export type HttpConfiguration = z.output<typeof httpConfigurationSchema>;
export type HttpEntity = z.output<typeof httpEntitySchema>;

/** What Metaflow's service can be asked about. */
export const metaflowTypes: ReadonlySet<EntityType> = new Set(['pipeline', 'pipeline-run']);

/** Types of the entities that the provider can be asked about. */
export function entityTypesOf(configuration: ProviderConfiguration): ReadonlySet<EntityType> {
  return configuration.kind === 'metaflow' ? metaflowTypes : new Set(configuration.entities.map(({ type }) => type));
}

export function platformOf(provider: string, { platform }: ProviderConfiguration): string {
  return platform ?? provider;
}
