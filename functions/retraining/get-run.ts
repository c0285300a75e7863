import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getRun } from '../../shared/api/retraining.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { findRun, loadRun } from '../../shared/use-cases/retraining/complete-run.ts';
import { viewRetrain } from '../../shared/use-cases/retraining/view-retrains.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(
  getRun,
  { team: async ({ params }) => (await findRun(events, params.runId))?.state.team },
  async ({ params }) => ({ body: viewRetrain((await loadRun(events, params.runId)).state) }),
);
