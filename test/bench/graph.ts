import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatchGetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import type { Contribution } from '../../shared/domain/graph/contribution.ts';
import { datasetUri } from '../../shared/domain/graph/entities.ts';
import type { GraphView } from '../../shared/domain/graph/graph-view-types.ts';
import { contributionId } from '../../shared/domain/graph/provider-contribution.ts';
import { buildColumns } from '../../shared/domain/graph/snapshot/build-columns.ts';
import { decodeSnapshot, encodeSnapshot } from '../../shared/domain/graph/snapshot/snapshot-codec.ts';
import { createSnapshotView } from '../../shared/domain/graph/snapshot/snapshot-view.ts';
import { walkGraph } from '../../shared/domain/graph/walk-graph.ts';
import { makeStatements } from '../../shared/use-cases/graph/make-statements.ts';
import { startDynoxide } from '../contracts/dynoxide.ts';
import { healthTable } from '../contracts/evaluation-store.health-table.ts';
import { createStoredView } from '../support/stored-view.ts';
import type { GraphMemory, Held } from './graph-memory.ts';

// `npm run bench:graph [written edges] [edges in memory]`; each a million unless said. Prints, asserts nothing.
// A million each takes about eight minutes on two shared cores, of which six and a half write: 128,000 edges took 44 s.
const [written = 1_000_000, kept = 1_000_000] = process.argv.slice(2).map(Number);
const now = '2001-02-01T00:00:00.000Z';
const edgesPerSubject = 4;
const perStatement = 90;
/** Writes to a table of its own, so that the first decile is that of an empty graph and not that of a cold process. */
const warmUpWrites = 300;

/** Dependencies of an entity on ones before it, spread by a fixed rule. */
const targetsOf = (subject: number) =>
  Array.from({ length: Math.min(subject, edgesPerSubject) }, (_, k) => (subject * 7_919 + k * 104_729) % subject);
const uriOf = (number: number) => datasetUri(`team-${number % 97}/table-${number}`);
const millis = (from: number) => performance.now() - from;
const ms = (value: number) => `${value.toFixed(1)} ms`;
function quantile(values: readonly number[], ratio: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * ratio)] ?? 0;
}

await writes(written);
inMemory(kept);

type Engine = Awaited<ReturnType<typeof startDynoxide>>;

async function emptyStore(engine: Engine, tableName: string) {
  await engine.createTable(healthTable(tableName));
  return createDynamoGraphStore({ client: engine.client, tableName });
}

/** Milliseconds of each write; `between` runs after every twentieth. */
async function fill(
  store: ReturnType<typeof createDynamoGraphStore>,
  edges: number,
  between: () => Promise<void> = async () => {},
): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let first = 0; first < edges / edgesPerSubject; first += perStatement) {
    const statements = Array.from({ length: perStatement }, (_, index) => ({
      subject: uriOf(first + index),
      edges: targetsOf(first + index).map((to) => ({ type: 'derivedFrom' as const, to: uriOf(to) })),
    }));
    const from = performance.now();
    await makeStatements(store, { provider: 'bench', statements, now });
    taken.push(millis(from));
    if (taken.length % 20 === 0) await between();
  }
  return taken;
}

/**
 * What the engine alone takes for the least that such a write is made of: a batch read and a transaction of as many items.
 * Its keys are spread as those of the graph are, over what the table holds by then.
 */
async function bareWrite({ client }: Engine, tableName: string, round: number): Promise<number> {
  const keys = Array.from({ length: perStatement }, (_, index) => ({
    pk: `contributions#${(round * perStatement + index) % 100} bare`,
    sk: `${uriOf((round * 7_919 + index * 104_729) % 250_000)} bare`,
  }));
  const payload = 'x'.repeat(300);
  const from = performance.now();
  await client.send(new BatchGetCommand({ RequestItems: { [tableName]: { Keys: keys } } }));
  await client.send(
    new TransactWriteCommand({
      TransactItems: keys.map((key) => ({ Put: { TableName: tableName, Item: { ...key, payload } } })),
    }),
  );
  return millis(from);
}

/** Of the last tenth to the first, both by their medians. */
function byDeciles(taken: readonly number[]): string {
  const decile = Math.ceil(taken.length / 10);
  const [begin, end] = [quantile(taken.slice(0, decile), 0.5), quantile(taken.slice(-decile), 0.5)];
  return `first decile ${ms(begin)}, last decile ${ms(end)}, ratio ${(end / begin).toFixed(2)}`;
}

async function writes(edges: number): Promise<void> {
  const engine = await startDynoxide();
  const begun = performance.now();
  await fill(await emptyStore(engine, 'warm-up'), warmUpWrites * perStatement * edgesPerSubject);
  const store = await emptyStore(engine, 'graph');
  const bare: number[] = [];
  const taken = await fill(store, edges, async () => {
    bare.push(await bareWrite(engine, 'graph', bare.length));
  });
  console.log(`${edges} edges written, ${perStatement} subjects at once: p50 ${ms(quantile(taken, 0.5))}`);
  console.log(
    `after ${warmUpWrites} writes to another table; both together took ${(millis(begun) / 1_000).toFixed(0)} s`,
  );
  console.log(byDeciles(taken));
  console.log(`the engine alone, ${perStatement} items read and written in that table: ${byDeciles(bare)}`);
  const view = createStoredView(store);
  await view();
  const last = Math.floor(edges / edgesPerSubject) - 1;
  const from = performance.now();
  await makeStatements(store, { provider: 'bench', statements: [{ subject: uriOf(last), edges: [] }], now });
  const { total } = walkGraph(await view(), { root: uriOf(last), direction: 'upstream', depth: 1 });
  console.log(`a removed edge was gone from the view (${total} left) ${ms(millis(from))} after it was sent`);
  await engine.stop();
}

function* contributions(edges: number): Iterable<readonly [string, Contribution]> {
  for (let subject = 0; subject < edges / edgesPerSubject; subject += 1) {
    const from = uriOf(subject);
    const claims = targetsOf(subject).map((to) => ({
      from,
      type: 'derivedFrom' as const,
      to: uriOf(to),
      provenance: 'discovered' as const,
      claimant: 'bench',
      validFrom: now,
    }));
    yield [contributionId('bench', from), { entities: [], claims }];
  }
}

function inMemory(edges: number): void {
  const from = performance.now();
  const bytes = encodeSnapshot(buildColumns(1, contributions(edges)));
  console.log(`${edges} edges compacted in ${ms(millis(from))}: ${(bytes.length / 1e6).toFixed(1)} MB`);
  memory(bytes);
  questions(createSnapshotView(decodeSnapshot(bytes)), edges);
}

/** In a process of its own: in this one are the made-up graph and whatever else has not been collected yet. */
function memory(bytes: Uint8Array): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'runway-graph-memory-'));
  try {
    const file = path.join(folder, 'snapshot');
    writeFileSync(file, bytes);
    const script = fileURLToPath(new URL('graph-memory.ts', import.meta.url));
    const said = execFileSync(process.execPath, ['--expose-gc', script, file, uriOf(0)], { encoding: 'utf8' });
    const { milliseconds, before, loaded, walked, peak } = JSON.parse(said) as GraphMemory;
    const mb = (value: number) => (value / 1e6).toFixed(0);
    const shown = (after: Held) =>
      (['rss', 'heapUsed', 'arrayBuffers'] as const)
        .map((name) => `${name} ${mb(before[name])} to ${mb(after[name])} MB`)
        .join(', ');
    console.log(`loaded in ${ms(milliseconds)} by another process: ${shown(loaded)}`);
    console.log(`and after a walk of everything: ${shown(walked)}; peak ${mb(peak)} MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function questions(view: GraphView, edges: number): void {
  const subjects = Math.floor(edges / edgesPerSubject);
  const taken: number[] = [];
  for (let i = 0; i < 220; i += 1) {
    const from = performance.now();
    walkGraph(view, { root: uriOf((i * 1_009) % subjects), direction: 'downstream', depth: 5 });
    taken.push(millis(from));
  }
  const warm = taken.slice(20);
  console.log(`impact over 5 hops: p50 ${ms(quantile(warm, 0.5))}, p99 ${ms(quantile(warm, 0.99))}`);
  const request = { root: uriOf(0), direction: 'downstream' as const, depth: Number.POSITIVE_INFINITY };
  const whole = Array.from({ length: 5 }, () => {
    const from = performance.now();
    const { total } = walkGraph(view, request);
    return [millis(from), total] as const;
  });
  console.log(`all ${whole[0]?.[1]} that depend on the first: ${ms(Math.min(...whole.map(([each]) => each)))}`);
  console.log(
    `a bare search of arrays, the baseline: ${ms(Math.min(...Array.from({ length: 5 }, () => bare(subjects))))}`,
  );
}

function bare(subjects: number): number {
  const first = new Int32Array(subjects + 2);
  for (let subject = 0; subject < subjects; subject += 1) for (const to of targetsOf(subject)) first[to + 1]! += 1;
  for (let node = 0; node <= subjects; node += 1) first[node + 1]! += first[node]!;
  const next = first.slice();
  const ends = new Int32Array(first[subjects]!);
  for (let subject = 0; subject < subjects; subject += 1)
    for (const to of targetsOf(subject)) {
      ends[next[to]!] = subject;
      next[to]! += 1;
    }
  const from = performance.now();
  const seen = new Uint8Array(subjects);
  const order = new Int32Array(subjects);
  seen[0] = 1;
  for (let at = 0, count = 1; at < count; at += 1)
    for (let edge = first[order[at]!]!; edge < first[order[at]! + 1]!; edge += 1) {
      const node = ends[edge]!;
      if (seen[node] === 1) continue;
      seen[node] = 1;
      order[count] = node;
      count += 1;
    }
  return millis(from);
}
