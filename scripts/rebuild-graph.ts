import { type RunwayClient, type Schemas, unwrap } from '../sdk/client.ts';

type Rebuild = Schemas['GraphRebuild'];

export type RebuildOptions = {
  readonly client: RunwayClient;
  readonly onProgress: (rebuild: Rebuild) => void;
  /** Until the next look. */
  readonly wait: () => Promise<unknown>;
};

/** Starts a rebuild of the graph, or joins the one that runs, and gives how it ended. */
export async function rebuildGraph({ client, onProgress, wait }: RebuildOptions): Promise<Rebuild> {
  let rebuild = await unwrap(client.POST('/v1/graph/rebuilds'));
  const { rebuildId } = rebuild;
  onProgress(rebuild);
  while (rebuild.status === 'clearing' || rebuild.status === 'replaying') {
    await wait();
    rebuild = await unwrap(client.GET('/v1/graph/rebuilds/{rebuildId}', { params: { path: { rebuildId } } }));
    onProgress(rebuild);
  }
  return rebuild;
}

/** One line for a person: how far it is, and at the end whether table and database agree. */
export function progressLine({ rebuildId, status, models, streams, corrected, counted }: Rebuild): string {
  const line = `${rebuildId} ${status}: ${models} models, ${streams} streams, ${corrected} corrected`;
  if (counted === undefined) return line;
  const { table, database } = counted;
  const isSame = table.entities === database.entities && table.claims === database.claims;
  const said = `${database.entities} entities and ${database.claims} claims in the database`;
  return `${line}; ${said}, ${isSame ? 'as in the table' : `${table.entities} and ${table.claims} in the table`}`;
}
