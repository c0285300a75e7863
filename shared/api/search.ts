import { entityTypes } from '../domain/graph/entity-types.ts';
import { maximumQueryLength } from '../domain/graph/search/search-query.ts';
import { searchFields } from '../domain/graph/search/search-score.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';
import { entityUri, shownTypes } from './graph.ts';

const list = z.string().min(1).max(2_000).optional();

const query = z.strictObject({
  q: z
    .string()
    .max(maximumQueryLength)
    .default('')
    .meta({ description: 'words, beginnings of words, a name or a URI; of nothing everything is listed by name' }),
  type: shownTypes.meta({ description: 'any of these types, separated by commas' }),
  tag: list.meta({ description: 'all of these tags, separated by commas' }),
  owner: list.meta({ description: 'any of these owners, URIs or names, separated by commas' }),
  platform: list.meta({ description: 'any of these platforms of the URI, separated by commas' }),
  tombstones: z
    .enum(['included', 'excluded'])
    .default('excluded')
    .meta({ description: 'what no provider has any more' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(4_000).optional(),
});

const named = z.object({ uri: entityUri, name: z.string() });
const facet = z.array(
  z.object({
    value: z.string(),
    label: z.string().optional().meta({ description: 'where the value is a URI, its name' }),
    count: z.number().int().meta({ description: 'of all pages' }),
  }),
);

const searchPage = z
  .object({
    items: z.array(
      z.object({
        uri: entityUri,
        type: z.enum(entityTypes),
        platform: z.string(),
        name: z.string(),
        description: z.string().optional(),
        owners: z.array(named),
        tags: z.array(z.string()).meta({ description: 'key::value' }),
        state: z.enum(['placeholder', 'hydrated', 'enriched', 'tombstone']),
        owned: z.number().int().optional().meta({ description: 'of a person or a team: how many entities it owns' }),
        score: z.number().meta({ description: '0 … 1; more for an exact name; 0 when nothing was asked for' }),
        highlights: z.array(
          z.object({
            field: z.enum(searchFields),
            text: z.string(),
            ranges: z
              .array(z.tuple([z.number().int(), z.number().int()]))
              .meta({ description: 'begin and end in UTF-16 code units of the text' }),
          }),
        ),
      }),
    ),
    total: z.number().int(),
    facets: z.object({ type: facet, tag: facet, owner: facet, platform: facet }),
    asOf: instantSchema,
    cursor: z.string().optional(),
  })
  .meta({ id: 'SearchPage' });

export const searchEntities = operation({
  id: 'searchEntities',
  summary: 'Find entities of every type by name, description, type, owners, tags and names of what they relate to.',
  query,
  response: searchPage,
  errors: ['invalid-cursor'],
});
