import { edgeTypeNames } from '../domain/graph/edge-types.ts';
import { entityDomains, entityTypes } from '../domain/graph/entity-types.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';
import { dependencies, entityUri, shownTypes } from './graph.ts';

export const uriParams = z.strictObject({
  uri: z.string().max(3_000).meta({
    description: "the entity's URI, percent-encoded as one segment; or - with the URI in the query, see docs/adr/0045",
  }),
});
export const uriQuery = {
  uri: z.string().max(3_000).optional().meta({ description: "the entity's URI, where the path says -" }),
};
const limit = z.coerce.number().int().min(1).max(1_000).default(100);
const cursor = z.string().max(4_000).optional();

const entityQuery = z.strictObject({
  ...uriQuery,
  asOf: instantSchema.optional().meta({ description: 'of the relations' }),
  include: z.enum(['ended']).optional().meta({ description: 'also relations that ended before' }),
  limit,
  cursor,
});

const dependencyQuery = z.strictObject({
  ...uriQuery,
  depth: z
    .union([z.literal('all'), z.coerce.number().int().min(1).max(10)])
    .default(5)
    .meta({ description: 'in edges; all has no limit' }),
  types: shownTypes,
  include: z
    .enum(['edges'])
    .optional()
    .meta({ description: 'also the dependencies among the root and the items of the page' }),
  asOf: instantSchema.optional(),
  limit,
  cursor,
});

const typeList = z
  .object({
    entityTypes: z.array(
      z.object({
        type: z.enum(entityTypes),
        domain: z.enum(entityDomains),
        title: z.string(),
        plural: z.string(),
        attributes: z
          .record(z.string(), z.unknown())
          .meta({ description: 'JSON Schema; others are kept as they come' }),
      }),
    ),
    edgeTypes: z.array(
      z.object({
        type: z.enum(edgeTypeNames),
        isDependency: z.boolean().meta({ description: 'whether lineage and impact walk it' }),
      }),
    ),
  })
  .meta({ id: 'EntityTypes' });

const attributeValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

const record = z
  .object({
    uri: entityUri,
    type: z.enum(entityTypes),
    name: z.string(),
    description: z.string().optional(),
    tags: z.array(z.string()).meta({ description: 'key::value' }),
    attributes: z.record(z.string(), attributeValue),
    state: z.enum(['placeholder', 'hydrated', 'enriched', 'tombstone']).meta({
      description: 'mentioned only; described by a provider; seen by inference since; gone from all who described it',
    }),
    hydratedAt: instantSchema.optional(),
    enrichedAt: instantSchema.optional(),
    removedAt: instantSchema.optional(),
    sources: z.array(
      z.object({
        provider: z.string(),
        hydratedAt: instantSchema.optional(),
        removedAt: instantSchema.optional(),
      }),
    ),
  })
  .meta({ id: 'EntityRecord' });

const word = z.enum(['holds', 'does-not-hold']);

export const edgeConflict = z
  .object({
    kind: z.enum(['opposite-overrides', 'claimed-though-suppressed', 'unconfirmed-addition']),
    wins: word.meta({ description: 'what counts' }),
    why: z.string(),
    since: instantSchema,
    isBetweenTeams: z.boolean(),
    parties: z
      .array(
        z.object({
          claimant: z.string(),
          provenance: z.enum(['declared', 'discovered', 'inferred', 'override']),
          says: word,
          teams: z
            .array(z.string())
            .meta({ description: 'of a person; of a provider, that own where the edge begins' }),
          reason: z.string().optional(),
          since: instantSchema,
          until: instantSchema.optional().meta({ description: 'when an override took the place of this one' }),
        }),
      )
      .meta({ description: 'who wins first' }),
  })
  .meta({ id: 'EdgeConflict' });

export const relation = z
  .object({
    type: z.enum(edgeTypeNames),
    direction: z.enum(['out', 'in']).meta({ description: 'out: the entity is the dependant' }),
    uri: entityUri,
    entityType: z.enum(entityTypes),
    name: z.string(),
    provenance: z.enum(['declared', 'discovered', 'inferred', 'override']),
    claimant: z.string(),
    evidence: z.string().optional(),
    confidence: z.number().optional().meta({ description: '0..1' }),
    validFrom: instantSchema,
    validTo: instantSchema.optional(),
    conflict: edgeConflict.optional().meta({ description: 'of its edge, at present' }),
  })
  .meta({ id: 'Relation' });

const requested = entityUri.optional().meta({ description: 'what was asked for, when it is another name' });

const entityView = z
  .object({
    entity: record,
    requested,
    aliases: z.array(entityUri).meta({ description: 'other names of the entity' }),
    relations: z.array(relation).meta({ description: 'one for each claim' }),
    total: z.number().int().meta({ description: 'of the relations, all pages together' }),
    asOf: instantSchema,
    cursor: z.string().optional(),
  })
  .meta({ id: 'Entity' });

const counts = z.record(z.string(), z.number().int());

const entityDependencies = dependencies
  .extend({
    requested,
    byType: counts.meta({ description: 'of what is shown, all pages together' }),
    byTeam: counts.meta({ description: 'by URI of the owning team; none without one' }),
    edges: z
      .array(z.object({ from: entityUri, type: z.enum(edgeTypeNames), to: entityUri }))
      .optional()
      .meta({ description: 'dependencies among the root and the items of the page' }),
    byTier: counts.meta({ description: 'models by tier; none without one' }),
  })
  .meta({ id: 'EntityDependencies' });

export const listEntityTypes = operation({
  id: 'listEntityTypes',
  summary: 'What there can be in the graph: types of entities, and of edges between them.',
  response: typeList,
});

export const getEntity = operation({
  id: 'getEntity',
  summary: 'All that is known of an entity, of everyone who describes it, and its relations as they are claimed.',
  params: uriParams,
  query: entityQuery,
  response: entityView,
  errors: ['unknown-entity', 'invalid-entity-uri', 'invalid-cursor'],
});

export const getEntityLineage = operation({
  id: 'getEntityLineage',
  summary: 'What an entity depends on, by type, team and tier.',
  params: uriParams,
  query: dependencyQuery,
  response: entityDependencies,
  errors: ['unknown-entity', 'invalid-entity-uri', 'invalid-cursor'],
});

export const getEntityImpact = operation({
  id: 'getEntityImpact',
  summary: 'What depends on an entity, by type, team and tier: who is affected when it changes.',
  params: uriParams,
  query: dependencyQuery,
  response: entityDependencies,
  errors: ['unknown-entity', 'invalid-entity-uri', 'invalid-cursor'],
});
