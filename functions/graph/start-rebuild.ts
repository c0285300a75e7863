import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoRebuildStore } from '../../shared/adapters/dynamodb/dynamo-rebuild-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { startGraphRebuild as contract } from '../../shared/api/graph.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { startRebuild } from '../../shared/use-cases/graph/rebuild-graph.ts';

const ports = {
  rebuilds: createDynamoRebuildStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { rebuildGraph: env('REBUILD_WORKFLOW_ARN') },
  }),
};

export const handler = apiHandler(contract, {}, async ({ actor, now }) => {
  const body = await startRebuild(ports, { actor, now });
  return { body, headers: { location: `/v1/graph/rebuilds/${body.rebuildId}` } };
});
