import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createSqsRestatementQueue } from '../../shared/adapters/sqs/sqs-restatement-queue.ts';
import { distrustWriter } from '../../shared/api/writers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { changeTrust } from '../../shared/use-cases/ground-truth/change-trust.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  queue: createSqsRestatementQueue({ client: sqs(), queueUrl: env('RESTATEMENT_QUEUE_URL') }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  distrustWriter,
  { team: ({ params }) => params.team, idempotency },
  async ({ params: { team, name }, body, actor, now, ifMatch }) => {
    const context = { actor, now, reason: body.reason, ifMatch };
    const command = { type: 'distrust', ...body, by: actor.id } as const;
    const { state, version } = await changeTrust(ports, `${team}/${name}`, command, context);
    return { body: state, etag: version };
  },
);
