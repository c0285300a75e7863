import { entityTypes } from '../domain/graph/entity-types.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';
import { relation } from './entities.ts';
import { entityUri } from './graph.ts';

const uriText = z.string().min(1).max(3_000).meta({ description: "an entity's URI" });
const asOf = instantSchema.optional();
const limit = z.coerce.number().int().min(1).max(1_000).default(100);
const cursor = z.string().max(4_000).optional();
const count = z.number().int();
const named = { uri: entityUri, type: z.enum(entityTypes), name: z.string() };
const ends = { from: uriText, to: uriText };

const claim = relation
  .omit({ direction: true, uri: true, entityType: true, name: true })
  .extend({ from: entityUri, to: entityUri })
  .meta({ id: 'EdgeClaim' });

const path = z
  .object({
    from: entityUri,
    to: entityUri,
    direction: z
      .enum(['upstream', 'downstream'])
      .optional()
      .meta({ description: 'upstream: the first depends on the last; absent when neither does' }),
    steps: z
      .array(z.object({ ...named, claims: z.array(claim) }))
      .meta({ description: 'from the first to the last, each with who says that the one before leads to it' }),
  })
  .meta({ id: 'ExplainedPath' });

const cycles = z
  .object({
    items: z.array(z.object({ size: count, members: z.array(entityUri) })),
    total: count,
    cursor: z.string().optional(),
  })
  .meta({ id: 'EntityCycles' });

const candidates = z
  .object({
    items: z.array(
      z.object({
        ...named,
        unusedDays: count,
        lastUsedAt: instantSchema.optional(),
        lastUsedBy: entityUri.optional(),
        knownSince: instantSchema,
        isServed: z.boolean().meta({ description: 'a model that still has a version in service' }),
        why: z.string(),
      }),
    ),
    total: count,
    cursor: z.string().optional(),
  })
  .meta({ id: 'DeprecationCandidates' });

const dependencyList = z.array(z.object({ ...named, depth: count }));
const changes = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
});

const diff = z
  .object({
    from: entityUri,
    to: entityUri,
    added: dependencyList,
    removed: dependencyList,
    common: dependencyList,
    byType: z.record(z.string(), z.object({ added: count, removed: count, common: count })),
    inputs: z
      .object({ features: changes, datasets: changes })
      .optional()
      .meta({ description: 'of two registered versions: features by type, datasets by version' }),
  })
  .meta({ id: 'DependencyDiff' });

export const findPath = operation({
  id: 'findPath',
  summary: 'Why one entity depends on another: a shortest path, with who claims each step and why.',
  query: z.strictObject({ ...ends, asOf }),
  response: path,
  errors: ['unknown-entity', 'invalid-entity-uri'],
});

export const listEntityCycles = operation({
  id: 'listEntityCycles',
  summary: 'Groups of entities that depend on each other, and entities that depend on themselves.',
  query: z.strictObject({ asOf, limit, cursor }),
  response: cycles,
  errors: ['invalid-cursor'],
});

export const listDeprecationCandidates = operation({
  id: 'listDeprecationCandidates',
  summary: 'What nobody would miss: nothing depends on it, and nothing has for so many days.',
  query: z.strictObject({
    days: z.coerce.number().int().min(0).max(3_650).default(90),
    type: z.enum(entityTypes).optional().meta({ description: 'by default all that are made to be used by others' }),
    limit,
    cursor,
  }),
  response: candidates,
  errors: ['invalid-cursor'],
});

export const compareDependencies = operation({
  id: 'compareDependencies',
  summary: 'What two entities depend on, side by side; of two versions of a model also their features and datasets.',
  query: z.strictObject({
    ...ends,
    depth: z
      .union([z.literal('all'), z.coerce.number().int().min(1).max(10)])
      .default(1)
      .meta({ description: 'in edges; all has no limit' }),
    asOf,
  }),
  response: diff,
  errors: ['unknown-entity', 'invalid-entity-uri'],
});
