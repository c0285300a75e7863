import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createNeptune } from '../../local/engines/neptune.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createMemoryChangeCursor } from '../../shared/adapters/memory/memory-change-cursor.ts';
import { createMemorySnapshotStore } from '../../shared/adapters/memory/memory-snapshot-store.ts';
import type { Rows } from '../../shared/adapters/neptune/neptune-client.ts';
import { createNeptuneGraphDatabase } from '../../shared/adapters/neptune/neptune-graph-database.ts';
import { formatEntityRef } from '../../shared/domain/graph/entity-ref.ts';
import type { Direction } from '../../shared/domain/graph/walk.ts';
import { walkGraph } from '../../shared/domain/graph/walk-graph.ts';
import { compactGraph } from '../../shared/use-cases/graph/compact-graph.ts';
import { followLog } from '../../shared/use-cases/graph/follow-log.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { makeStatements } from '../../shared/use-cases/graph/make-statements.ts';
import { startDynoxide } from '../contracts/dynoxide.ts';
import { hasOracles, type Json, readCsv, readJson } from './data.ts';

const now = '2001-02-01T00:00:00.000Z';
const folder = mkdtempSync(path.join(tmpdir(), 'runway-oracle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Pair = readonly [upstream: string, downstream: string];
type Oracle = { readonly pairs: readonly Pair[]; readonly seeds: Json; readonly ofDatabase: (seed: string) => boolean };

const unzipped = (file: string) =>
  gunzipSync(readFileSync(new URL(`../../../shared/data/lineage/${file}`, import.meta.url))).toString();
const csvPairs = (file: string) =>
  readCsv(`lineage/${file}`).map(({ upstream = '', downstream = '' }): Pair => [upstream, downstream]);
const every = () => true;

const oracles: Readonly<Record<string, () => Oracle>> = {
  'DataHub tables': () => ({
    pairs: csvPairs('datahub-ecommerce-edges.csv.gz'),
    seeds: readJson('lineage/datahub-ecommerce-oracle.json').graph.seeds,
    ofDatabase: every,
  }),
  'DataHub columns': () => ({
    pairs: csvPairs('datahub-ecommerce-column-edges.csv.gz'),
    seeds: readJson('lineage/datahub-ecommerce-oracle.json').columnGraph.seeds,
    ofDatabase: every,
  }),
  dbt: () => {
    const parents: Json = JSON.parse(unzipped('dbt-jaffle-shop.manifest.json.gz')).parent_map;
    return {
      pairs: Object.keys(parents).flatMap((child) => parents[child].map((parent: string): Pair => [parent, child])),
      seeds: readJson('lineage/dbt-jaffle-shop.oracle.json').graph.seeds,
      ofDatabase: every,
    };
  },
  'the ecosystem of foundation models': () => ({
    pairs: unzipped('ecosystem-assets.ndjson.gz')
      .trim()
      .split('\n')
      .map((line): Json => JSON.parse(line))
      .flatMap(({ name, dependencies }) => dependencies.map((upstream: string): Pair => [upstream, name])),
    seeds: readJson('lineage/ecosystem-oracle.json').graph.seeds,
    ofDatabase: every,
  }),
  'the packages of Debian': () => {
    const names = unzipped('debian-depends-nodes.txt.gz').trim().split('\n');
    return {
      pairs: csvPairs('debian-depends-edges.csv.gz').map(([a, b]): Pair => [names[Number(a)]!, names[Number(b)]!]),
      seeds: readJson('lineage/debian-depends-oracle.json').graph.seeds,
      // The embedded engine is filled for seconds a thousand packages: its own figures are in the benchmark.
      ofDatabase: () => false,
    };
  },
};

const uriOf = (id: string) => formatEntityRef({ type: 'dataset', platform: 'oracle', id });

async function loaded({ pairs }: Oracle) {
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
  const statements = [...Map.groupBy(pairs, ([, downstream]) => downstream)].map(([subject, edges]) => ({
    subject: uriOf(subject),
    edges: [...new Set(edges.map(([upstream]) => uriOf(upstream)))].map((to) => ({ type: 'derivedFrom' as const, to })),
  }));
  await makeStatements(graph, { provider: 'oracle', statements, now });
  return { graph, stop: engine.stop };
}

function expectSame(seed: string, depths: readonly number[], expected: Json, direction: Direction): void {
  const byDepth: number[] = Array.from({ length: Math.max(0, ...depths) }, () => 0);
  for (const depth of depths) byDepth[depth - 1]! += 1;
  expect([seed, direction, depths.length]).toEqual([seed, direction, expected[direction]]);
  expect([seed, direction, byDepth]).toEqual([seed, direction, expected[`${direction}ByDepth`]]);
}

describe.skipIf(!hasOracles)('reachability by networkx', () => {
  it.each(Object.keys(oracles))('of %s agrees from the snapshot and from openCypher', async (name) => {
    const oracle = oracles[name]!();
    const { graph, stop } = await loaded(oracle);
    const snapshots = createMemorySnapshotStore();
    await compactGraph({ graph, snapshots }, now);
    const view = await createGraphView(
      { ...graph, all: () => Promise.reject(new Error('read the table')) },
      snapshots,
    )();
    const engine = createNeptune({ path: path.join(folder, name.replaceAll(' ', '-')) });
    const database = createNeptuneGraphDatabase(
      async (query, parameters) => (await engine.run(query, parameters)) as Rows,
    );
    const seeds = Object.keys(oracle.seeds);
    if (seeds.some(oracle.ofDatabase)) await followLog({ graph, database, cursor: createMemoryChangeCursor() });
    expect(seeds.length).toBeGreaterThan(0);
    for (const seed of seeds)
      for (const direction of ['upstream', 'downstream'] as const) {
        const request = { root: uriOf(seed), direction, depth: 1_000 };
        const walk = walkGraph(view, request);
        const depths = Array.from({ length: walk.total }, (_, index) => walk.depthAt(index));
        expectSame(seed, depths, oracle.seeds[seed], direction);
        if (!oracle.ofDatabase(seed)) continue;
        const reached = await database.reach(request);
        expectSame(
          seed,
          reached.map(({ depth }) => depth),
          oracle.seeds[seed],
          direction,
        );
      }
    await engine.stop();
    await stop();
  });

  it('finds the 49,578 packages that depend on libc6', () => {
    expect(oracles['the packages of Debian']!().seeds.libc6.downstream).toBe(49_578);
  });
});
