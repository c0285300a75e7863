import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createDynamoOverrideExpiries } from '../../shared/adapters/dynamodb/dynamo-override-expiries.ts';
import { createDynamoSuggestionRejections } from '../../shared/adapters/dynamodb/dynamo-suggestion-rejections.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { createSqsGraphHints } from '../../shared/adapters/sqs/sqs-graph-hints.ts';
import { decideSuggestion as contract } from '../../shared/api/enrichment.ts';
import { isAuthorized } from '../../shared/authorization/authorize.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { reportLostHint } from '../../shared/runtime/report-lost-hint.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { createHintingStore } from '../../shared/use-cases/graph/hinting-store.ts';
import { teamsOfEdge } from '../../shared/use-cases/graph/override-edges.ts';
import { decideSuggestion, edgeOfSuggestion } from '../../shared/use-cases/graph/suggest-relations.ts';

const snapshots = createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') });
const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const store = createHintingStore(
  createDynamoGraphStore(table),
  createSqsGraphHints({ client: sqs(), queueUrl: env('GRAPH_CHANGES_QUEUE_URL') }),
  reportLostHint,
);
const ports = {
  store,
  graph: createGraphView(store, snapshots),
  expiries: createDynamoOverrideExpiries(table),
  rejections: createDynamoSuggestionRejections(table),
};

const idempotency = createDynamoIdempotencyStore({ client: table.client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  contract,
  {
    idempotency,
    team: async ({ params: { suggestionId }, actor, now }) => {
      const edge = edgeOfSuggestion(suggestionId);
      const teams = edge === undefined ? [] : await teamsOfEdge(ports.graph, edge, now);
      // What nobody owns is for admins, who are members of no team.
      return teams.find((team) => isAuthorized(actor, contract.id, { team })) ?? teams[0] ?? '';
    },
  },
  async ({ params, body, actor, now }) => ({
    body: await decideSuggestion(ports, { ...params, ...body }, { actor, now }),
  }),
);
