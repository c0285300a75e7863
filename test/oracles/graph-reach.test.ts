import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createNeptune } from '../../local/engines/neptune.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createMemoryChangeCursor } from '../../shared/adapters/memory/memory-change-cursor.ts';
import { createMemoryLineageStateStore } from '../../shared/adapters/memory/memory-lineage-state-store.ts';
import { createMemorySnapshotStore } from '../../shared/adapters/memory/memory-snapshot-store.ts';
import type { Rows } from '../../shared/adapters/neptune/neptune-client.ts';
import { createNeptuneGraphDatabase } from '../../shared/adapters/neptune/neptune-graph-database.ts';
import { type EntityUri, formatEntityRef, parseEntityRef } from '../../shared/domain/graph/entity-ref.ts';
import type { GraphView } from '../../shared/domain/graph/graph-view-types.ts';
import type { Direction } from '../../shared/domain/graph/walk.ts';
import { walkGraph } from '../../shared/domain/graph/walk-graph.ts';
import type { GraphStore } from '../../shared/ports/graph-store.ts';
import { compactGraph } from '../../shared/use-cases/graph/compact-graph.ts';
import { followLog } from '../../shared/use-cases/graph/follow-log.ts';
import { makeStatements } from '../../shared/use-cases/graph/make-statements.ts';
import { startDynoxide } from '../contracts/dynoxide.ts';
import { hasOpenLineage, openLineageEvents, openLineageOracle, uriOfNode } from '../support/openlineage-oracle.ts';
import { createStoredView } from '../support/stored-view.ts';
import { applyAll } from '../unit/graph/openlineage/graph-of.ts';
import { hasOracles, type Json, readCsv, readJson } from './data.ts';

const now = '2001-02-01T00:00:00.000Z';
const folder = mkdtempSync(path.join(tmpdir(), 'runway-oracle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Pair = readonly [upstream: string, downstream: string];
type Oracle = {
  readonly fill: (graph: GraphStore) => Promise<unknown>;
  readonly seeds: Json;
  readonly uriOf: (id: string) => EntityUri;
  /** What the oracle counts; other types lead nowhere else. @default all */
  readonly types?: readonly string[];
};

const unzipped = (file: string) =>
  gunzipSync(readFileSync(new URL(`../../../shared/data/lineage/${file}`, import.meta.url))).toString();
const csvPairs = (file: string) =>
  readCsv(`lineage/${file}`).map(({ upstream = '', downstream = '' }): Pair => [upstream, downstream]);
const datasetNamed = (id: string) => formatEntityRef({ type: 'dataset', platform: 'oracle', id });

function ofPairs(pairs: readonly Pair[], seeds: Json): Oracle {
  const statements = [...Map.groupBy(pairs, ([, downstream]) => downstream)].map(([subject, edges]) => ({
    subject: datasetNamed(subject),
    edges: [...new Set(edges.map(([upstream]) => datasetNamed(upstream)))].map((to) => ({
      type: 'derivedFrom' as const,
      to,
    })),
  }));
  return {
    fill: (graph) => makeStatements(graph, { provider: 'oracle', statements, now }),
    seeds,
    uriOf: datasetNamed,
  };
}

/** The events as they come in, ten in one delivery. */
function ofEvents(seeds: Json, types: readonly string[]): Oracle {
  const events = openLineageEvents();
  const deliveries = Array.from({ length: Math.ceil(events.length / 10) }, (_, i) => events.slice(i * 10, i * 10 + 10));
  const fill = (graph: GraphStore) => applyAll({ graph, states: createMemoryLineageStateStore() }, deliveries);
  return { fill, seeds, uriOf: uriOfNode, types };
}

const oracles: Readonly<Record<string, () => Oracle>> = {
  'DataHub tables': () =>
    ofPairs(csvPairs('datahub-ecommerce-edges.csv.gz'), readJson('lineage/datahub-ecommerce-oracle.json').graph.seeds),
  'DataHub columns': () =>
    ofPairs(
      csvPairs('datahub-ecommerce-column-edges.csv.gz'),
      readJson('lineage/datahub-ecommerce-oracle.json').columnGraph.seeds,
    ),
  dbt: () => {
    const parents: Json = JSON.parse(unzipped('dbt-jaffle-shop.manifest.json.gz')).parent_map;
    return ofPairs(
      Object.keys(parents).flatMap((child) => parents[child].map((parent: string): Pair => [parent, child])),
      readJson('lineage/dbt-jaffle-shop.oracle.json').graph.seeds,
    );
  },
  'the ecosystem of foundation models': () =>
    ofPairs(
      unzipped('ecosystem-assets.ndjson.gz')
        .trim()
        .split('\n')
        .map((line): Json => JSON.parse(line))
        .flatMap(({ name, dependencies }) => dependencies.map((upstream: string): Pair => [upstream, name])),
      readJson('lineage/ecosystem-oracle.json').graph.seeds,
    ),
  'OpenLineage datasets and jobs': () => ofEvents(openLineageOracle().graph.seeds, ['dataset', 'pipeline']),
  'OpenLineage columns': () => ofEvents(openLineageOracle().columnGraph.seeds, ['column']),
  'the packages of Debian': () => {
    const names = unzipped('debian-depends-nodes.txt.gz').trim().split('\n');
    return ofPairs(
      csvPairs('debian-depends-edges.csv.gz').map(([a, b]): Pair => [names[Number(a)]!, names[Number(b)]!]),
      readJson('lineage/debian-depends-oracle.json').graph.seeds,
    );
  },
};

async function filled({ fill }: Oracle) {
  const engine = await startDynoxide();
  const tableName = 'graph';
  await engine.createTable({
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  const graph = createDynamoGraphStore({ client: engine.client, tableName });
  await fill(graph);
  return { graph, stop: engine.stop };
}

async function snapshotOf(graph: GraphStore): Promise<GraphView> {
  const snapshots = createMemorySnapshotStore();
  await compactGraph({ graph, snapshots }, now);
  return createStoredView({ ...graph, all: () => Promise.reject(new Error('read the table')) }, snapshots)();
}

async function databaseOf(graph: GraphStore, name: string) {
  const engine = createNeptune({ path: path.join(folder, name.replaceAll(' ', '-')) });
  const database = createNeptuneGraphDatabase(
    async (query, parameters) => (await engine.run(query, parameters)) as Rows,
  );
  await followLog({ graph, database, cursor: createMemoryChangeCursor() });
  return { database, stop: engine.stop };
}

type Reached = readonly { readonly uri: EntityUri; readonly depth: number }[];
type Asked = { readonly root: EntityUri; readonly direction: Direction; readonly depth: number };

function fromSnapshot(view: GraphView, request: Asked): Reached {
  const walk = walkGraph(view, request);
  return Array.from({ length: walk.total }, (_, index) => ({ uri: walk.uriAt(index), depth: walk.depthAt(index) }));
}

/** Every seed both ways. Gives how many entities were reached. */
async function agree(
  { seeds, uriOf, types }: Oracle,
  reach: (request: Asked) => Reached | Promise<Reached>,
): Promise<number> {
  let count = 0;
  for (const [seed, expected] of Object.entries<Json>(seeds))
    for (const direction of ['upstream', 'downstream'] as const) {
      const all = await reach({ root: uriOf(seed), direction, depth: 1_000 });
      const meant = all.filter(({ uri }) => types === undefined || types.includes(parseEntityRef(uri).type));
      expectSame(`${direction} of ${seed}`, meant, {
        total: expected[direction],
        byDepth: expected[`${direction}ByDepth`],
        // Sets of thousands are not in the oracles.
        uris: expected[`${direction}Set`]?.map(uriOf).toSorted(),
      });
      count += meant.length;
    }
  return count;
}

function expectSame(what: string, reached: Reached, { total, byDepth, uris }: Json): void {
  const counts: number[] = [];
  for (const { depth } of reached) counts[depth - 1] = (counts[depth - 1] ?? 0) + 1;
  expect([what, reached.length]).toEqual([what, total]);
  expect([what, counts]).toEqual([what, byDepth]);
  if (uris !== undefined) expect([what, reached.map(({ uri }) => uri).toSorted()]).toEqual([what, uris]);
}

const secondsSince = (start: number) => `${((performance.now() - start) / 1_000).toFixed(0)} s`;

describe.skipIf(!hasOracles || !hasOpenLineage)('reachability by networkx', () => {
  it.each(Object.keys(oracles))(
    'of %s agrees from the snapshot and from openCypher',
    { timeout: 900_000 },
    async (name) => {
      const oracle = oracles[name]!();
      const { graph, stop } = await filled(oracle);
      const view = await snapshotOf(graph);
      const walked = await agree(oracle, (request) => fromSnapshot(view, request));
      expect(walked).toBeGreaterThan(0);
      let start = performance.now();
      const { database, stop: stopDatabase } = await databaseOf(graph, name);
      const loaded = secondsSince(start);
      start = performance.now();
      expect(await agree(oracle, database.reach)).toBe(walked);
      process.stdout.write(`${name} in openCypher: loaded in ${loaded}, ${walked} reached in ${secondsSince(start)}\n`);
      await stopDatabase();
      await stop();
    },
  );

  it('finds the 49,578 packages that depend on libc6', () => {
    const { libc6, perl } = oracles['the packages of Debian']!().seeds;
    expect([libc6.downstream, perl.downstreamByDepth.length]).toEqual([49_578, 14]);
  });
});
