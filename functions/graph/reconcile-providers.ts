import type { Context, SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoListingStore } from '../../shared/adapters/dynamodb/dynamo-listing-store.ts';
import { createDynamoProviderContributions } from '../../shared/adapters/dynamodb/dynamo-provider-contributions.ts';
import { createIngestionPorts } from '../../shared/adapters/providers/ingestion-ports.ts';
import { createSecretsManagerSecret } from '../../shared/adapters/secrets-manager/secrets-manager-secret.ts';
import { createSqsGraphHints } from '../../shared/adapters/sqs/sqs-graph-hints.ts';
import { createSqsHydrationQueue, createSqsReconcileQueue } from '../../shared/adapters/sqs/sqs-provider-queues.ts';
import { providerIdSchema } from '../../shared/domain/graph/ingestion/thin-event.ts';
import * as z from '../../shared/domain/zod.ts';
import { hydrationInstances } from '../../shared/names.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { reportLostHint } from '../../shared/runtime/report-lost-hint.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { createHintingStore } from '../../shared/use-cases/graph/hinting-store.ts';
import { sweepDeletions } from '../../shared/use-cases/graph/ingestion/delete-provider.ts';
import { sweepReconciles } from '../../shared/use-cases/graph/ingestion/reconcile-provider.ts';
import { takeStep } from '../../shared/use-cases/graph/ingestion/take-step.ts';
import { viewProviders } from '../../shared/use-cases/graph/ingestion/view-providers.ts';

const vault = secrets();
const prefix = env('PROVIDER_SECRET_PREFIX');
const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const { stores, connected } = createIngestionPorts({
  table,
  secretOf: (provider) => createSecretsManagerSecret(vault, `${prefix}${provider}/headers`),
  privateOrigins: env('PROVIDER_ORIGINS'),
  testOrigins: process.env.PROVIDER_TEST_ORIGINS,
  instances: hydrationInstances,
});
const client = sqs();
const ports = {
  ...stores,
  graph: createHintingStore(
    stores.graph,
    createSqsGraphHints({ client, queueUrl: env('GRAPH_CHANGES_QUEUE_URL') }),
    reportLostHint,
  ),
  listings: createDynamoListingStore(table),
  contributions: createDynamoProviderContributions(table),
  hydrationQueue: createSqsHydrationQueue({ client, queueUrl: env('HYDRATION_QUEUE_URL') }),
  reconcileQueue: createSqsReconcileQueue({ client, queueUrl: env('RECONCILE_QUEUE_URL') }),
};

const stepSchema = z.object({ provider: providerIdSchema, generation: z.number().int() });
/** A page may take as long as it takes to read each of its things once. */
const stepMilliseconds = 240_000;

function step(event: SQSEvent, context?: Context) {
  const from = performance.now();
  const hasTime = () => performance.now() - from < stepMilliseconds;
  return streamHandler({
    source: 'sqs',
    decode: ({ data }) => parseOrThrow(stepSchema, parseJson(data)),
    handle: oneByOne<'sqs', z.output<typeof stepSchema>>('anyOrder', async (next, { now }) => {
      const limits = { now, hasTime, random: Math.random };
      const taken = await takeStep({ ...ports, providers: connected() }, next, limits);
      logger.info('took a step of a reconcile', { ...next, ...taken });
    }),
  })(event, context);
}

/**
 * Begins what is due, goes on with what somebody left, and retires what deleted providers said; says how many providers
 * have not been reconciled for long.
 */
const sweep = scheduledHandler(async ({ now }) => {
  const swept = await sweepReconciles(ports, now);
  const late = (await viewProviders(ports.providerStore, now)).filter(({ isLate }) => isLate);
  const retired = await sweepDeletions(ports, now);
  emitMetrics({ ProvidersLate: late.length });
  logger.info('swept reconciles', { now, ...swept, retired, late: late.map(({ provider }) => provider) });
});

export const handler = (event: SQSEvent | { readonly scheduledTime: string }, context?: Context) =>
  'Records' in event ? step(event, context) : sweep(event, context);
