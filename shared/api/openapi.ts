import * as z from '../domain/zod.ts';
import { type OperationId, routes } from '../routes.ts';
import type { Operation } from '../runtime/operation.ts';
import * as approvals from './approvals.ts';
import * as backtests from './backtests.ts';
import * as cascades from './cascades.ts';
import * as decisions from './decisions.ts';
import * as embeddingStability from './embedding-stability.ts';
import * as enrichment from './enrichment.ts';
import * as entities from './entities.ts';
import * as graph from './graph.ts';
import * as graphImports from './graph-imports.ts';
import * as graphQuestions from './graph-questions.ts';
import * as graphql from './graphql.ts';
import * as groundTruth from './ground-truth.ts';
import * as health from './health.ts';
import * as healthViews from './health-views.ts';
import * as lineage from './lineage.ts';
import * as notifications from './notifications.ts';
import * as policyDefaults from './policy-defaults.ts';
import * as providers from './providers.ts';
import * as registry from './registry.ts';
import * as retraining from './retraining.ts';
import * as retrainingPlans from './retraining-plans.ts';
import * as retrainingQueue from './retraining-queue.ts';
import * as rollbacks from './rollbacks.ts';
import * as rollout from './rollout.ts';
import * as search from './search.ts';
import * as triggers from './triggers.ts';
import * as writers from './writers.ts';

type JsonObject = Readonly<Record<string, unknown>>;
type Components = Record<string, unknown>;

const problemSchema = z.object({
  type: z.string().meta({ description: 'urn:runway:problem:<code>, stable' }),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  correlationId: z.string(),
  errors: z
    .array(
      z.object({
        field: z.string().meta({ description: 'JSON pointer' }),
        code: z.string(),
        reason: z.string(),
        index: z.number().int().optional().meta({ description: 'position in the batch' }),
      }),
    )
    .optional(),
});

/** Every route's contract, by operation id. */
export const operations: ReadonlyMap<OperationId, Operation> = new Map(
  [
    registry,
    writers,
    graph,
    enrichment,
    entities,
    lineage,
    graphql,
    graphImports,
    graphQuestions,
    groundTruth,
    health,
    healthViews,
    backtests,
    decisions,
    embeddingStability,
    retraining,
    retrainingPlans,
    retrainingQueue,
    cascades,
    policyDefaults,
    rollout,
    search,
    approvals,
    notifications,
    rollbacks,
    providers,
    triggers,
  ].flatMap((capability) =>
    Object.values(capability)
      .filter(isOperation)
      .map((contract) => [contract.id, contract]),
  ),
);

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'id' in value && 'response' in value;
}

/** The OpenAPI 3.1 document of the HTTP API, made from the schemas that the functions parse with. */
export function openApiDocument(): JsonObject {
  const components: Components = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => jsonSchema(schema, io, components);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const contract of operations.values()) {
    const { method, path } = routes[contract.id];
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(contract, schemaOf) };
  }
  components.Problem = schemaOf(problemSchema, 'output');
  for (const [name, schema] of Object.entries(groundTruth.itemSchemas)) components[name] = schemaOf(schema, 'input');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Runway',
      version: '1',
      description: 'Is this model still healthy, and if not, what is being done about it?',
    },
    security: [{ token: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function describe(
  contract: Operation,
  schemaOf: (schema: z.ZodType, io: 'input' | 'output') => JsonObject,
): JsonObject {
  const { id, summary, body, rawBody, response, status, errors } = contract;
  const route = routes[id];
  const json = (schema: JsonObject) => ({ content: { 'application/json': { schema } } });
  return {
    operationId: id,
    summary,
    tags: [route.function.slice(0, route.function.indexOf('/'))],
    parameters: parametersOf(contract, schemaOf),
    ...(route.authorizer === 'none' && { security: [] }),
    ...(body && { requestBody: { required: !body.safeParse(undefined).success, ...json(schemaOf(body, 'input')) } }),
    ...(rawBody !== undefined && {
      requestBody: { required: true, content: { [rawBody]: { schema: { type: 'string' } } } },
    }),
    responses: {
      [status]: { description: 'success', ...json(schemaOf(response, 'output')) },
      default: {
        description: ['a problem', errors.length > 0 && `of its own: ${errors.join(', ')}`].filter(Boolean).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parametersOf(
  { id, params, query, errors }: Operation,
  schemaOf: (schema: z.ZodType, io: 'input' | 'output') => JsonObject,
): readonly JsonObject[] {
  const header = (name: string, pattern: string) => ({
    name,
    in: 'header',
    required: false,
    schema: { type: 'string', pattern },
  });
  return [
    ...membersOf(schemaOf(params, 'output')).map(({ name, schema }) => ({ name, in: 'path', required: true, schema })),
    // A member with a default may be left out, though the parsed query always has it.
    ...membersOf(schemaOf(query, 'output')).map(({ name, schema, required }) => ({
      name,
      in: 'query',
      required: required && !('default' in schema),
      schema,
    })),
    ...(routes[id].method === 'POST' ? [header('Idempotency-Key', '^[!-~]{1,255}$')] : []),
    ...(errors.includes('precondition-failed') ? [header('If-Match', '^"[0-9]{1,9}"$')] : []),
  ];
}

const objectShape = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
});

function membersOf(schema: JsonObject) {
  const { properties, required } = objectShape.parse(schema);
  return Object.entries(properties).map(([name, member]) => ({
    name,
    schema: member,
    required: required.includes(name),
  }));
}

/** Schemas that carry an id become components; references point there. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Components): JsonObject {
  const {
    $schema: _,
    $defs = {},
    ...body
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: describeInstant });
  for (const [name, definition] of Object.entries($defs)) components[name] = relocated(definition);
  return relocated(body);
}

// Times are the only values that are transformed while parsing: both sides of it are date-times.
function describeInstant({
  zodSchema,
  jsonSchema: target,
}: {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (zodSchema._zod.def.type === 'pipe') Object.assign(target, { type: 'string', format: 'date-time' });
}

function relocated(schema: unknown): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
