import { edgeTypeNames } from '../domain/graph/edge-types.ts';
import { teamSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';
import { edgeConflict, uriParams, uriQuery } from './entities.ts';
import { entityUri } from './graph.ts';

const uri = z.string().min(1).max(900).meta({ description: 'aip://<type>/<platform>/<id>' });
const edge = { from: uri, type: z.enum(edgeTypeNames), to: uri };
const reason = z.string().trim().min(1).max(1_000);
const ratio = z.number().min(0).max(1);
const limit = z.coerce.number().int().min(1).max(100).default(20);

const override = z
  .object({
    ...edge,
    effect: z.enum(['add', 'suppress']).meta({ description: 'suppress: the edge does not hold, whoever claims it' }),
    reason: z.string(),
    author: z.string(),
    authorTeams: z.array(z.string()).optional().meta({ description: 'when it was set' }),
    since: instantSchema,
    expiresAt: instantSchema.optional(),
    until: instantSchema.optional().meta({ description: 'when it was withdrawn, replaced or expired' }),
  })
  .meta({ id: 'EdgeOverride' });

const listedOverride = override
  .extend({
    conflict: edgeConflict.optional().meta({ description: 'of one that stands' }),
    contested: z.boolean().optional().meta({
      description: "another team's took its place, and neither it nor its team has agreed since",
    }),
  })
  .meta({ id: 'ListedEdgeOverride' });

const suggestion = z
  .object({
    suggestionId: z.string(),
    ...edge,
    kind: z.enum(['rule', 'same-name', 'recommended-feature']),
    score: ratio.meta({ description: 'of different kinds not to be compared' }),
    why: z.string(),
  })
  .meta({ id: 'Suggestion' });

const parts = z.object({
  description: ratio.optional(),
  owner: ratio.optional(),
  freshness: ratio.optional(),
  lineage: ratio.optional(),
  schema: ratio.optional(),
});
const anomalies = z.array(
  z.object({
    kind: z.enum([
      'owner-left',
      'orphan',
      'stale-hydration',
      'unresolved',
      'unused-but-served',
      'two-owning-teams',
      'same-asset-twice',
      'contested-edge',
      'unconfirmed-override',
    ]),
    detail: z.string(),
  }),
);

const quality = z
  .object({
    uri: entityUri,
    score: ratio,
    parts: parts.meta({ description: 'those that apply to the type; docs/enrichment.md has the formula' }),
    anomalies,
    teams: z.array(z.string()).meta({ description: 'that answer for it' }),
    conflicts: z
      .array(z.object({ ...edge, conflict: edgeConflict }))
      .meta({ description: 'edges that begin or end at it of which not everybody says the same' }),
    enrichedAt: instantSchema.optional(),
  })
  .meta({ id: 'MetadataQuality' });

const teamQuality = z
  .object({
    team: z.string(),
    entities: z.number().int(),
    score: ratio.optional().meta({ description: 'mean of its entities; absent when it has none' }),
    byType: z.record(z.string(), z.object({ entities: z.number().int(), score: ratio })),
    anomalies: z.record(z.string(), z.number().int()).meta({ description: 'entities by kind of anomaly' }),
    worst: z.array(z.object({ uri: entityUri, name: z.string(), score: ratio, anomalies: z.array(z.string()) })),
  })
  .meta({ id: 'TeamMetadataQuality' });

const similar = z
  .object({
    uri: entityUri,
    similar: z.array(
      z.object({
        uri: entityUri,
        name: z.string(),
        score: ratio,
        shared: z.array(entityUri).meta({ description: 'what both use, the rarest first' }),
      }),
    ),
    recommended: z.array(
      z.object({
        uri: entityUri,
        name: z.string(),
        score: ratio,
        usedBy: z.array(entityUri).meta({ description: 'similar ones that use it' }),
      }),
    ),
  })
  .meta({ id: 'SimilarEntities' });

export const setEdgeOverride = operation({
  id: 'setEdgeOverride',
  summary:
    'Say that an edge holds or does not, whatever providers and rules say; in place of what was said of it before.',
  body: z.strictObject({
    ...edge,
    effect: z.enum(['add', 'suppress']),
    reason,
    expiresAt: instantSchema.optional(),
  }),
  response: override,
  errors: ['unknown-entity', 'invalid-entity-uri', 'invalid-override', 'version-conflict'],
});

export const listEdgeOverrides = operation({
  id: 'listEdgeOverrides',
  summary:
    'Overrides of edges that begin at an entity: who said what until when and who contradicts it, those that stand first.',
  query: z.strictObject({ uri }),
  response: z.object({ items: z.array(listedOverride) }),
  errors: ['invalid-entity-uri'],
});

export const withdrawEdgeOverride = operation({
  id: 'withdrawEdgeOverride',
  summary: 'End the override of an edge, so that what providers and rules say counts again.',
  query: z.strictObject(edge),
  response: override,
  errors: ['unknown-override', 'invalid-entity-uri', 'version-conflict'],
});

export const listSuggestions = operation({
  id: 'listSuggestions',
  summary: 'Relations that may be missing of an entity or of what a team owns, each with what speaks for it.',
  query: z.strictObject({ uri: uri.optional(), team: teamSchema.optional(), limit: limit.default(50) }),
  response: z.object({
    items: z.array(suggestion),
    truncated: z.boolean().meta({ description: 'there are more, or the team owns more than was looked at' }),
  }),
  errors: ['unknown-entity', 'invalid-entity-uri', 'invalid-suggestion-query'],
});

export const decideSuggestion = operation({
  id: 'decideSuggestion',
  summary: 'Accept a suggestion, which adds the edge as an override, or reject it, so that it is not made again.',
  params: z.strictObject({ suggestionId: z.string().regex(/^[\w-]{1,3000}$/, 'expected the id of a suggestion') }),
  body: z.strictObject({ decision: z.enum(['accept', 'reject']), reason }),
  response: suggestion.extend({ decision: z.enum(['accept', 'reject']) }),
  errors: ['unknown-suggestion', 'version-conflict'],
});

export const getSimilarEntities = operation({
  id: 'getSimilarEntities',
  summary: 'Entities that use the same as this one, and what they use that it does not.',
  params: uriParams,
  query: z.strictObject({ ...uriQuery, limit }),
  response: similar,
  errors: ['unknown-entity', 'invalid-entity-uri'],
});

export const getMetadataQuality = operation({
  id: 'getMetadataQuality',
  summary: 'How good the metadata of an entity are, what is odd about them, and who contradicts whom.',
  params: uriParams,
  query: z.strictObject(uriQuery),
  response: quality,
  errors: ['unknown-entity', 'invalid-entity-uri'],
});

export const getTeamMetadataQuality = operation({
  id: 'getTeamMetadataQuality',
  summary: 'How good the metadata of what a team owns are, by type, with what needs attention first.',
  params: z.strictObject({ team: teamSchema }),
  response: teamQuality,
});
