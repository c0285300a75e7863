import { dynamo } from '../../shared/adapters/clients.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { fleetFigures, type ScannedModel } from '../../shared/domain/health/fleet-figures.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitByTier, emitMetrics } from '../../shared/runtime/metrics.ts';
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
  const scanned: ScannedModel[] = [];
  try {
    const { evaluated, notDue } = await scanModels(ports, { now, onFailure, onScanned: (it) => void scanned.push(it) });
    logger.info('scanned the models', { now, evaluated, notDue });
  } finally {
    const { overall, byTier } = fleetFigures(scanned);
    emitMetrics(overall);
    emitByTier(byTier);
  }
});
