import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createSecretsManagerSecret } from '../../shared/adapters/secrets-manager/secrets-manager-secret.ts';
import { receiveTrigger } from '../../shared/api/triggers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { admitWebhook } from '../../shared/use-cases/retraining/admit-webhook.ts';
import { triggerFromOutside } from '../../shared/use-cases/retraining/trigger-from-outside.ts';

const client = dynamo();
const vault = secrets();
const prefix = env('TRIGGER_SECRET_PREFIX');
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  idempotency: createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') }),
  secretOf: (team: string, modelId: string) => createSecretsManagerSecret(vault, `${prefix}${team}/${modelId}`),
};

export const handler = apiHandler(receiveTrigger, {}, async ({ params: { modelId }, body: { reason }, raw, now }) => {
  const eventId = await admitWebhook(ports, { modelId, ...raw }, now);
  const retrainId = await triggerFromOutside(ports, { modelId, source: `webhook.${modelId}`, eventId, reason }, now);
  return { body: { modelId, retrainId } };
});
