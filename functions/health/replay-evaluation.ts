import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEvaluationHistory } from '../../shared/adapters/dynamodb/dynamo-evaluation-history.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { replayEvaluation as operation } from '../../shared/api/backtests.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { createEvaluatedVersions } from '../../shared/use-cases/health/evaluated-versions.ts';
import { replayEvaluation } from '../../shared/use-cases/health/replay-evaluation.ts';

const client = dynamo();
const health = { client, tableName: env('HEALTH_TABLE') };
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const ports = {
  versions: createEvaluatedVersions(events, createDynamoBaselineStore(health)),
  history: createDynamoEvaluationHistory(health),
};

export const handler = apiHandler(operation, {}, async ({ params }) => ({
  body: await replayEvaluation(ports, params),
}));
