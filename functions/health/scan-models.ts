import { dynamo } from '../../shared/adapters/clients.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { scanModels } from '../../shared/use-cases/health/scan-models.ts';

const client = dynamo();
const health = { client, tableName: env('HEALTH_TABLE') };
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  metrics: createDynamoGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }),
  baselines: createDynamoBaselineStore(health),
  evaluations: createDynamoEvaluationStore(health),
};

function onFailure(modelId: string, error: unknown): void {
  logger.error('a model could not be evaluated', { modelId, error: error instanceof Error ? error : String(error) });
}

export const handler = scheduledHandler(async ({ now }) => {
  const { evaluated, notDue } = await scanModels(ports, { now, onFailure });
  logger.info('scanned the models', { now, evaluated, notDue });
});
