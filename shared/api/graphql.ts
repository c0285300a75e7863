import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const error = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  locations: z.array(z.object({ line: z.number().int(), column: z.number().int() })).optional(),
  extensions: z.object({ code: z.string().meta({ description: 'stable; docs/graphql.md lists them' }) }),
});

/** The schema is docs/api/schema.graphql; `queryLimits` of shared/graphql says what is answered of it. */
export const queryGraph = operation({
  id: 'queryGraph',
  summary: 'Any question about the lifecycle graph in one GraphQL query. Answers 400 when nothing of it was answered.',
  body: z.strictObject({
    query: z.string().min(1).max(10_000),
    variables: z.record(z.string(), z.unknown()).nullish(),
    operationName: z.string().max(200).nullish(),
    extensions: z.record(z.string(), z.unknown()).nullish().meta({ description: 'ignored' }),
  }),
  response: z
    .object({
      data: z.record(z.string(), z.unknown()).nullish(),
      errors: z.array(error).optional(),
    })
    .meta({ id: 'GraphQlAnswer' }),
  maxBodyBytes: 65_536,
});
