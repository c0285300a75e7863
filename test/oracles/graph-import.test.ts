import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureAssembly } from '../../local/synthesize.ts';
import {
  dataHubLines,
  dataHubUri,
  dbtLines,
  dbtUri,
  debianLines,
  debianUri,
  ecosystemLines,
  type Line,
  mlflowLines,
  mlflowRunUri,
} from '../../scripts/lineage/convert.ts';
import { boot, type Running } from '../e2e/boot.ts';
import { everyRole } from '../mutation/customer.ts';

// The public lineage sets through the real endpoints of the embedded cloud, and every answer beside networkx's.
const folder = fileURLToPath(new URL('../../../shared/data/lineage/', import.meta.url));
const has = existsSync(folder);
if (!has) process.stdout.write('no ../shared/data/lineage: the graph is not held against the public sets\n');
const read = (file: string) => {
  const bytes = readFileSync(folder + file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};
const rows = (file: string) =>
  read(file)
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));

type Seed = Readonly<{
  downstream: number;
  upstream: number;
  downstreamByDepth: readonly number[];
  upstreamByDepth: readonly number[];
  downstreamSet?: readonly string[];
  upstreamSet?: readonly string[];
}>;
type Graph = { readonly edges: number; readonly seeds: Readonly<Record<string, Seed>> };
const oracleOf = (file: string) => JSON.parse(read(file)) as Record<string, Graph>;
type Body = Record<string, unknown>;
type Answer = {
  readonly total: number;
  readonly byDepth: Readonly<Record<string, number>>;
  readonly items: readonly { readonly uri: string }[];
  readonly cursor?: string;
};

let running: Running;
let token: string;

async function ask(path: string): Promise<Body> {
  const response = await fetch(`${running.cloud.apiUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const body = (await response.json()) as Body;
  expect(response.status, `${path}: ${JSON.stringify(body).slice(0, 300)}`).toBe(200);
  return body;
}

async function send(method: string, path: string, lines: readonly Line[]): Promise<Body> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
  };
  const body = gzipSync(lines.map((line) => JSON.stringify(line)).join('\n'));
  const response = await fetch(`${running.cloud.apiUrl}${path}`, { method, headers, body });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return (await response.json()) as Body;
}

async function ended(importId: unknown): Promise<Body> {
  await running.cloud.pump();
  return ask(`/v1/graph/imports/${importId}`);
}

async function importAll(provider: string, lines: Iterable<Line>): Promise<Body> {
  const { importId } = await send('POST', `/v1/graph/import?provider=${provider}&mode=full`, [...lines]);
  return ended(importId);
}

/** Of all pages. */
async function reached(uri: string, way: 'lineage' | 'impact', limit = 1_000): Promise<Answer> {
  const path = `/v1/entities/-/${way}?uri=${encodeURIComponent(uri)}&depth=all&limit=${limit}`;
  const first = (await ask(path)) as unknown as Answer;
  const items = [...first.items];
  for (let { cursor } = first; cursor !== undefined; ) {
    const next = (await ask(`${path}&cursor=${cursor}`)) as unknown as Answer;
    items.push(...next.items);
    cursor = next.cursor;
  }
  return { ...first, items };
}

const depths = (counts: readonly number[]) => Object.fromEntries(counts.map((count, index) => [index + 1, count]));

async function agree({ seeds }: Graph, uriOf: (id: string) => string): Promise<number> {
  for (const [id, seed] of Object.entries(seeds)) {
    for (const [way, side] of [
      ['impact', 'downstream'],
      ['lineage', 'upstream'],
    ] as const) {
      const set = seed[`${side}Set`];
      // Sets of thousands are not in the oracles: then one page will do.
      const answer =
        set === undefined
          ? ((await ask(
              `/v1/entities/-/${way}?uri=${encodeURIComponent(uriOf(id))}&depth=all&limit=1`,
            )) as unknown as Answer)
          : await reached(uriOf(id), way);
      expect(answer.total, `${way} of ${id}`).toBe(seed[side]);
      expect(answer.byDepth, `${way} of ${id}`).toEqual(depths(seed[`${side}ByDepth`]));
      if (set !== undefined)
        expect(answer.items.map(({ uri }) => uri).toSorted(), `${way} of ${id}`).toEqual(set.map(uriOf).toSorted());
    }
  }
  return Object.keys(seeds).length;
}

describe.skipIf(!has)('the public lineage sets', () => {
  beforeAll(async () => {
    ensureAssembly(fileURLToPath(new URL('../..', import.meta.url)), (line) => process.stdout.write(`${line}\n`));
    running = await boot('2001-01-22T00:55:00.000Z');
    token = await running.cloud.token(everyRole);
  }, 300_000);
  afterAll(() => running?.end());

  test('dbt: every node’s lineage and impact is the oracle’s', { timeout: 300_000 }, async () => {
    const { graph } = oracleOf('dbt-jaffle-shop.oracle.json');
    const report = await importAll('dbt', dbtLines(JSON.parse(read('dbt-jaffle-shop.manifest.json.gz'))));
    expect(report).toMatchObject({ status: 'succeeded', rejected: 0, entities: 28, edges: graph?.edges });
    expect(await agree(graph!, dbtUri)).toBe(28);
  });

  test('MLflow: every run leads to the versions it made', { timeout: 300_000 }, async () => {
    const oracle = JSON.parse(read('mlflow-boston-oracle.json')) as { versionsPerRun: Record<string, number> };
    const registry: unknown = JSON.parse(read('mlflow-boston-registry.json.gz'));
    const report = await importAll('mlflow', mlflowLines(registry, rows('mlflow-boston-runs.ndjson.gz')));
    expect(report).toMatchObject({ status: 'succeeded', rejected: 0, entities: 21 + 2 + 58, edges: 2 * 58 });
    for (const [run, versions] of Object.entries(oracle.versionsPerRun))
      expect((await reached(mlflowRunUri(run), 'impact')).total, run).toBe(versions);
  });

  test('DataHub: tables and columns, one of which depends on itself', { timeout: 300_000 }, async () => {
    const { graph, columnGraph } = oracleOf('datahub-ecommerce-oracle.json');
    const files = ['datahub-ecommerce-edges.csv.gz', 'datahub-ecommerce-column-edges.csv.gz'];
    const report = await importAll(
      'datahub',
      files.flatMap((file) => [...dataHubLines(read(file))]),
    );
    expect(report).toMatchObject({ status: 'succeeded', rejected: 0, edges: 146 + 1_038 });
    expect((await agree(graph!, dataHubUri)) + (await agree(columnGraph!, dataHubUri))).toBe(165);
    const { items } = await ask('/v1/entity-cycles');
    expect((items as Body[]).filter(({ size }) => size === 1)).toHaveLength(1);
  });

  test('Ecosystem Graphs: 639 assets, and what they depend on without anybody declaring it', {
    timeout: 300_000,
  }, async () => {
    const { graph } = oracleOf('ecosystem-oracle.json');
    const { uri, lines } = ecosystemLines(rows('ecosystem-assets.ndjson.gz'));
    const report = await importAll('ecosystem', lines());
    expect(report).toMatchObject({ status: 'succeeded', rejected: 0, entities: 639 });
    expect(await agree(graph!, uri)).toBe(463);
    const { items } = await ask('/v1/entity-cycles');
    expect((items as Body[]).filter(({ size }) => size === 4)).toHaveLength(1);
  });

  test('Debian: 63,666 packages in parts, and libc6 reaches 49,578 of them', { timeout: 1_200_000 }, async () => {
    const { graph } = oracleOf('debian-depends-oracle.json');
    const names = read('debian-depends-nodes.txt.gz').split('\n').filter(Boolean);
    const lines = [...debianLines(names, read('debian-depends-edges.csv.gz'))];
    const started = performance.now();
    const { importId } = (await running.customer.succeed('POST', '/v1/graph/imports', {
      provider: 'debian',
      mode: 'full',
    })) as Body;
    const perPart = 100_000;
    const parts = Math.ceil(lines.length / perPart);
    for (let part = 1; part <= parts; part += 1)
      await send(
        'PUT',
        `/v1/graph/imports/${importId}/parts/${part}`,
        lines.slice((part - 1) * perPart, part * perPart),
      );
    await running.customer.succeed('POST', `/v1/graph/imports/${importId}/commit`, { parts });
    const report = await ended(importId);
    const seconds = ((performance.now() - started) / 1_000).toFixed(0);
    process.stdout.write(`Debian, ${lines.length} lines in ${parts} parts: ${seconds} s\n`);
    expect(report).toMatchObject({
      status: 'succeeded',
      entities: 63_666,
      edges: 264_830,
      rejected: 0,
      changed: 63_666,
    });
    expect((await reached(debianUri('libc6'), 'impact')).items).toHaveLength(49_578);
    expect(await agree(graph!, debianUri)).toBe(47);
  });
});
