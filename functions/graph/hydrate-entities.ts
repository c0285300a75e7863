import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createIngestionPorts } from '../../shared/adapters/providers/ingestion-ports.ts';
import { createSecretsManagerSecret } from '../../shared/adapters/secrets-manager/secrets-manager-secret.ts';
import { createSqsGraphHints } from '../../shared/adapters/sqs/sqs-graph-hints.ts';
import { createSqsHydrationQueue } from '../../shared/adapters/sqs/sqs-provider-queues.ts';
import { hydrationMessageSchema } from '../../shared/domain/graph/ingestion/thin-event.ts';
import { hydrationInstances } from '../../shared/names.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { reportLostHint } from '../../shared/runtime/report-lost-hint.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { createHintingStore } from '../../shared/use-cases/graph/hinting-store.ts';
import { hydrateRequests } from '../../shared/use-cases/graph/ingestion/hydrate-requests.ts';

const vault = secrets();
const prefix = env('PROVIDER_SECRET_PREFIX');
const { stores, connected } = createIngestionPorts({
  table: { client: dynamo(), tableName: env('GRAPH_TABLE') },
  secretOf: (provider) => createSecretsManagerSecret(vault, `${prefix}${provider}/headers`),
  privateOrigins: env('PROVIDER_ORIGINS'),
  testOrigins: process.env.PROVIDER_TEST_ORIGINS,
  instances: hydrationInstances,
});
const client = sqs();
const writing = {
  ...stores,
  graph: createHintingStore(
    stores.graph,
    createSqsGraphHints({ client, queueUrl: env('GRAPH_CHANGES_QUEUE_URL') }),
    reportLostHint,
  ),
  hydrationQueue: createSqsHydrationQueue({ client, queueUrl: env('HYDRATION_QUEUE_URL') }),
};

/** Something happened to things of providers: their current state is read from there. */
export const handler = streamHandler({
  source: 'sqs',
  decode: ({ data }) => parseOrThrow(hydrationMessageSchema, parseJson(data)),
  handle: (records) => {
    const ports = { ...writing, providers: connected() };
    const requests = records.map(({ item, arrival: { id, now } }) => ({ id, request: item, now }));
    return hydrateRequests(ports, requests, {
      random: Math.random,
      tell: (request, outcome) => logger.info('hydrated', { ...request, ...outcome }),
      warn: (request, error) => logger.warn('could not hydrate', { ...request, error }),
    });
  },
});
