import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { dryRunPolicy as operation } from '../../shared/api/decisions.ts';
import { parseStageFreeze } from '../../shared/domain/retraining/rules/retraining-windows.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';
import { dryRunPolicy } from '../../shared/use-cases/retraining/dry-run-policy.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const stageFreezes = parseStageFreeze(env('RETRAIN_FREEZE'));
const evaluations = createDynamoEvaluationStore({ client, tableName: env('HEALTH_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOf(events, params.modelId) },
  async ({ params, body, now }) => ({
    body: await dryRunPolicy({ events, evaluations, stageFreezes }, { ...params, ...body, now }),
  }),
);
