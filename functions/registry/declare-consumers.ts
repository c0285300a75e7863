import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { declareConsumers as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { changeModel } from '../../shared/use-cases/registry/change-model.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(
  contract,
  { team: ({ params }) => teamOf(events, params.modelId) },
  async ({ params: { modelId }, body: { consumers }, actor, now, ifMatch }) => {
    const context = { actor, now, ifMatch, reason: 'consumers declared' };
    const { state, version } = await changeModel(events, modelId, [{ type: 'DeclareConsumers', consumers }], context);
    return { body: state, etag: version };
  },
);
