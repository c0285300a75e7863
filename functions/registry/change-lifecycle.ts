import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { changeLifecycle as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { changeModel } from '../../shared/use-cases/registry/change-model.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });
const commands = { deprecated: 'Deprecate', retired: 'Retire' } as const;

export const handler = apiHandler(
  contract,
  { team: ({ params }) => teamOf(events, params.modelId), idempotency },
  async ({ params, body: { to, reason }, actor, now, ifMatch }) => {
    const command = { type: commands[to], reason };
    const { state, version } = await changeModel(events, params.modelId, [command], { actor, now, reason, ifMatch });
    return { body: state, etag: version };
  },
);
