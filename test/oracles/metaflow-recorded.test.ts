import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetaflowProvider } from '../../shared/adapters/providers/metaflow/metaflow-provider.ts';
import { createPace } from '../../shared/adapters/providers/pace.ts';
import { createProviderHttp } from '../../shared/adapters/providers/provider-http.ts';
import type { Statement } from '../../shared/domain/graph/provider-contribution.ts';

// Traffic of Metaflow 2.19.38: what its client posted is what this server holds, and answers as the service does.
const recording = path.resolve('../shared/contracts/data/metaflow/recorded-metaflow-2.19.38-vs-stub.jsonl');
const now = '2026-11-21T00:00:00.000Z';

type Row = Record<string, unknown>;
type Line = {
  readonly method: string;
  readonly path: string;
  readonly request_body: unknown;
  readonly response_body: Row;
};

/** Rows by the path that lists them. */
function rowsOf(lines: readonly Line[]): Map<string, Row[]> {
  const rows = new Map<string, Row[]>();
  const add = (key: string, ...some: Row[]) => rows.set(key, [...(rows.get(key) ?? []), ...some]);
  for (const { method, path: at, request_body: body, response_body: answer } of lines) {
    if (method !== 'POST') continue;
    const [, , flow, , run] = at.split('/');
    if (/^\/flows\/[^/]+$/.test(at)) add('/flows', answer);
    else if (at.endsWith('/run')) add(`/flows/${flow}/runs`, answer);
    else if (/\/(metadata|artifact)$/.test(at)) {
      const what = at.endsWith('metadata') ? 'metadata' : 'artifacts';
      add(`/flows/${flow}/runs/${run}/${what}`, ...(body as Row[]));
    }
  }
  return rows;
}

describe.skipIf(!existsSync(recording))('Metaflow as recorded', () => {
  let close = () => {};
  let provider: ReturnType<typeof createMetaflowProvider>;
  beforeAll(async () => {
    const lines = readFileSync(recording, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const rows = rowsOf(lines);
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://metaflow');
      const single = /^(\/flows\/[^/]+\/runs)\/([^/]+)$/.exec(pathname);
      const found = single
        ? rows.get(single[1] ?? '')?.find(({ run_number }) => String(run_number) === single[2])
        : rows.get(pathname);
      response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'text/plain' });
      response.end(JSON.stringify(found ?? { message: 'not found' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    close = () => void server.close();
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sleep = async () => {};
    const pace = createPace({ callsPerSecond: 1_000, clock: () => 0, sleep, random: () => 0 });
    const reach = { resolver: async () => [], privateOrigins: new Set([baseUrl]) };
    const get = createProviderHttp({ provider: 'metaflow', baseUrl, timeoutMilliseconds: 5_000, pace, reach });
    provider = createMetaflowProvider({ platform: 'metaflow', get, callsPerSecond: 1_000 });
  });
  afterAll(() => close());

  async function run(id: string): Promise<readonly Statement[]> {
    const said = await provider.hydrate({ type: 'run', id }, { now, fresh: true });
    if (said === 'gone') throw new Error(`${id} is gone`);
    return said;
  }

  it('lists every flow and run', async () => {
    const { listed, cursor } = await provider.list(undefined, now);
    expect(cursor).toBeUndefined();
    expect(listed.map(({ ref }) => ref.id).toSorted()).toEqual([
      'CustomEndFlow',
      'CustomEndFlow/304',
      'RankerFailFlow',
      'RankerFailFlow/220',
      'RankerTrainFlow',
      'RankerTrainFlow/101',
    ]);
  });

  it.each([
    ['RankerTrainFlow/101', 'succeeded'],
    ['RankerFailFlow/220', 'failed'],
    // Its end step is called `publish`, and the service itself would say that it failed.
    ['CustomEndFlow/304', 'succeeded'],
  ])('says that %s has %s', async (id, status) => {
    expect((await run(id))[0]?.description?.attributes).toMatchObject({ status });
  });

  it('knows the same artifact of two steps as one, and takes no parameter for a product', async () => {
    const artifacts = (await run('RankerTrainFlow/101')).filter(({ subject }) => subject.startsWith('aip://artifact/'));
    const evidence = artifacts.flatMap(({ edges }) => edges.map((edge) => edge.evidence)).toSorted();
    expect(evidence).toEqual(['auc of step fit', 'model of step fit', 'rows of step start']);
  });

  it('says who ran it, of which flow, and its steps', async () => {
    const said = await run('RankerTrainFlow/101');
    expect(said[0]?.edges).toEqual([
      { type: 'runOf', to: 'aip://pipeline/metaflow/RankerTrainFlow' },
      { type: 'ownedBy', to: 'aip://person/registry/ada' },
    ]);
    const steps = said.map(({ subject }) => subject).filter((subject) => subject.startsWith('aip://step/'));
    expect(steps).toEqual(['end', 'fit', 'start'].map((step) => `aip://step/metaflow/RankerTrainFlow/${step}`));
  });

  it('takes a run that the service does not have for gone', async () => {
    expect(await provider.hydrate({ type: 'run', id: 'RankerTrainFlow/999' }, { now, fresh: true })).toBe('gone');
  });
});
