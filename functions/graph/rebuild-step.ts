import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoRebuildStore } from '../../shared/adapters/dynamodb/dynamo-rebuild-store.ts';
import { createNeptuneClient } from '../../shared/adapters/neptune/neptune-client.ts';
import { createNeptuneGraphDatabase } from '../../shared/adapters/neptune/neptune-graph-database.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { failRebuild, stepRebuild } from '../../shared/use-cases/graph/rebuild-graph.ts';

const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const ports = {
  events: createDynamoEventStore({ client: table.client, tableName: env('EVENTS_TABLE') }),
  graph: createDynamoGraphStore(table),
  rebuilds: createDynamoRebuildStore(table),
  database: createNeptuneGraphDatabase(createNeptuneClient({ endpoint: env('NEPTUNE_ENDPOINT') })),
};

const inputSchema = z.object({ rebuildId: z.string(), do: z.enum(['step', 'fail']) });

export const handler = taskHandler(inputSchema, ({ rebuildId, now, do: what }) =>
  what === 'step' ? stepRebuild(ports, rebuildId, now) : failRebuild(ports.rebuilds, rebuildId, now),
);
