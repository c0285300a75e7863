import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createSecretsManagerSecret } from '../../shared/adapters/secrets-manager/secrets-manager-secret.ts';
import { createSqsHydrationQueue } from '../../shared/adapters/sqs/sqs-provider-queues.ts';
import { receiveProviderEvent as contract } from '../../shared/api/providers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { receiveThinEvents } from '../../shared/use-cases/graph/ingestion/receive-thin-events.ts';

const vault = secrets();
const prefix = env('PROVIDER_SECRET_PREFIX');
const ports = {
  hydrationQueue: createSqsHydrationQueue({ client: sqs(), queueUrl: env('HYDRATION_QUEUE_URL') }),
  secretOf: (provider: string) => createSecretsManagerSecret(vault, `${prefix}${provider}/webhook`),
};

export const handler = apiHandler(contract, {}, async ({ params: { provider }, body, raw, now }) => ({
  body: { accepted: await receiveThinEvents(ports, { provider, events: [body].flat(), ...raw }, now) },
}));
