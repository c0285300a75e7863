import { entityTypes } from '../domain/graph/entity-types.ts';
import { modelIdSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const modelParams = z.strictObject({ modelId: modelIdSchema });
export const entityUri = z.string().meta({ description: 'aip://<type>/<platform>/<id>' });
const typeList = entityTypes.join('|');

export const shownTypes = z
  .string()
  .regex(
    new RegExp(`^(${typeList})(,(${typeList}))*$`),
    `expected types separated by commas: ${entityTypes.join(', ')}`,
  )
  .optional()
  .meta({ description: 'types that are shown, separated by commas; all are walked' });

const query = z.strictObject({
  depth: z.coerce.number().int().min(1).max(10).default(5).meta({ description: 'in edges' }),
  types: shownTypes,
  asOf: instantSchema.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().max(4_000).optional(),
});

export const dependencies = z
  .object({
    root: entityUri,
    items: z.array(
      z.object({
        uri: entityUri,
        type: z.enum(entityTypes),
        name: z.string(),
        depth: z.number().int(),
        path: z.array(entityUri).meta({ description: 'a shortest one, from the root to the entity' }),
      }),
    ),
    byDepth: z.record(z.string(), z.number().int()).meta({ description: 'of the shown types, all pages together' }),
    total: z.number().int(),
    truncated: z.boolean().meta({ description: 'there is more beyond the depth' }),
    cycles: z.array(z.array(entityUri)).meta({ description: 'groups of reached entities that depend on each other' }),
    cursor: z.string().optional(),
  })
  .meta({ id: 'Dependencies' });

const counts = z.object({ entities: z.number().int(), claims: z.number().int() });

const rebuild = z
  .object({
    rebuildId: z.string(),
    status: z.enum(['clearing', 'replaying', 'succeeded', 'failed']),
    startedBy: z.string(),
    startedAt: instantSchema,
    updatedAt: instantSchema,
    attempt: z.number().int(),
    cursor: z.string().optional(),
    models: z.number().int().meta({ description: 'replayed so far' }),
    streams: z.number().int(),
    corrected: z.number().int().meta({ description: 'streams that the graph had missed or misread' }),
    counted: z.object({ table: counts, database: counts }).optional(),
  })
  .meta({ id: 'GraphRebuild' });

export const getLineage = operation({
  id: 'getLineage',
  summary: 'What a model depends on: the version that serves it, features, datasets, pipelines, models, owners.',
  params: modelParams,
  query,
  response: dependencies,
  errors: ['unknown-model', 'invalid-cursor'],
});

export const getImpact = operation({
  id: 'getImpact',
  summary: 'What depends on a model: services and models, and what depends on those.',
  params: modelParams,
  query,
  response: dependencies,
  errors: ['unknown-model', 'invalid-cursor'],
});

export const startGraphRebuild = operation({
  id: 'startGraphRebuild',
  summary: 'Read every stream into the graph again. While a rebuild runs, that one is given.',
  response: rebuild,
  status: 202,
  errors: ['version-conflict'],
});

export const getGraphRebuild = operation({
  id: 'getGraphRebuild',
  summary: 'How far a rebuild of the graph has come.',
  params: z.strictObject({ rebuildId: z.string().regex(/^rebuild-[1-9]\d{0,8}$/) }),
  response: rebuild,
  errors: ['unknown-rebuild'],
});
