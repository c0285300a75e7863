import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { answerLoadProbe as operation } from '../../shared/api/rollout.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { recordProbeAnswer, teamOfProbe } from '../../shared/use-cases/rollout/answer-load-probe.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOfProbe(events, params.probeId), idempotency },
  async ({ params: { probeId }, body, actor, now }) => {
    await recordProbeAnswer(events, { probeId, ...body, actor, now });
    return { body: { probeId, loaded: body.loaded } };
  },
);
