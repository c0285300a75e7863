import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { createSqsGraphHints } from '../../shared/adapters/sqs/sqs-graph-hints.ts';
import { withdrawEdgeOverride as contract } from '../../shared/api/enrichment.ts';
import { isAuthorized } from '../../shared/authorization/authorize.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { reportLostHint } from '../../shared/runtime/report-lost-hint.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { createHintingStore } from '../../shared/use-cases/graph/hinting-store.ts';
import { teamsOfEdge, withdrawOverride } from '../../shared/use-cases/graph/override-edges.ts';

const snapshots = createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') });
const store = createHintingStore(
  createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  createSqsGraphHints({ client: sqs(), queueUrl: env('GRAPH_CHANGES_QUEUE_URL') }),
  reportLostHint,
);
const graph = createGraphView(store, snapshots);

export const handler = apiHandler(
  contract,
  {
    team: async ({ query, actor, now }) => {
      const teams = await teamsOfEdge(graph, query, now);
      return teams.find((team) => isAuthorized(actor, contract.id, { team })) ?? teams[0];
    },
  },
  async ({ query, now }) => ({ body: await withdrawOverride(store, query, now) }),
);
