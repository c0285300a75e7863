import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEvaluationHistory } from '../../shared/adapters/dynamodb/dynamo-evaluation-history.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { runBacktest as operation } from '../../shared/api/backtests.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { createEvaluatedVersions } from '../../shared/use-cases/health/evaluated-versions.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';

const client = dynamo();
const health = { client, tableName: env('HEALTH_TABLE') };
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const ports = {
  events,
  metrics: createDynamoGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }),
  versions: createEvaluatedVersions(events, createDynamoBaselineStore(health)),
  evaluations: createDynamoEvaluationStore(health),
  history: createDynamoEvaluationHistory(health),
};

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOf(events, params.modelId) },
  async ({ params, body, now }) => {
    // With the rule language it is more than a function should load before it can answer at all.
    const { runBacktest } = await import('../../shared/use-cases/health/run-backtest.ts');
    return { body: await runBacktest(ports, { ...params, ...body, now }) };
  },
);
