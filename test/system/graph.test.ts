import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importIntoService, type ServiceImport } from '../../cli/import/import-service.ts';
import { lineParts } from '../../cli/import/line-parts.ts';
import { progressLine, rebuildGraph } from '../../scripts/rebuild-graph.ts';
import { createRunwayClient } from '../../sdk/client.ts';
import { boot, type Running } from '../e2e/boot.ts';
import { flightModel, registeredAt } from '../e2e/late-basic.ts';
import { everyRole } from '../mutation/customer.ts';
import { versionOf } from '../mutation/model-life.ts';

type Item = { readonly uri: string; readonly type: string; readonly depth: number; readonly path: readonly string[] };
type Answer = {
  readonly root: string;
  readonly items: readonly Item[];
  readonly byDepth: Readonly<Record<string, number>>;
  readonly total: number;
  readonly truncated: boolean;
  readonly cycles: readonly unknown[];
  readonly cursor?: string;
};

const model = (id: string) => `aip://model/registry/${id}`;
const service = (id: string) => `aip://service/registry/${id}`;

describe('what depends on what, through the API', () => {
  let running: Running;
  const ask = async (path: string) => (await running.customer.succeed('GET', path)) as unknown as Answer;
  async function rebuilt(say: (line: string) => void = () => undefined) {
    const { cloud } = running;
    const token = await cloud.token(everyRole);
    const client = createRunwayClient({ baseUrl: cloud.apiUrl, token: () => token });
    return rebuildGraph({ client, wait: cloud.pump, onProgress: (progress) => say(progressLine(progress)) });
  }
  const uris = ({ items }: Answer) => items.map(({ uri }) => uri);

  beforeAll(async () => {
    running = await boot(registeredAt);
    const { customer, cloud, now } = running;
    await customer.succeed('POST', '/v1/models', flightModel('basic', { owners: ['ada@example.com'] }));
    const basic = await versionOf(customer, 'basic', 'first', now());
    await customer.succeed('POST', '/v1/models/basic/versions', { ...basic, pipeline: 'flights/training' });
    await customer.succeed('POST', '/v1/models/basic/versions/1/deployment', {});
    await customer.succeed('POST', '/v1/models', flightModel('live', { upstreamModels: ['basic'] }));
    const live = await versionOf(customer, 'live', 'first', now());
    const upstreamVersions = [{ modelId: 'basic', version: 1 }];
    await customer.succeed('POST', '/v1/models/live/versions', { ...live, upstreamVersions });
    await customer.succeed('POST', '/v1/models/live/versions/1/deployment', {});
    const consumers = [{ service: 'departures-board', team: 'airport' }, { service: 'crew-planning' }];
    await customer.succeed('PUT', '/v1/models/live/consumers', { consumers });
    await cloud.pump();
  });
  afterAll(() => running?.end());

  it('shows what a model was made from and who answers for it', async () => {
    const lineage = await ask('/v1/models/basic/lineage');
    expect(lineage.root).toBe(model('basic'));
    expect(uris(lineage)).toEqual([
      'aip://feature/registry/flights/distance',
      'aip://feature/registry/flights/origin',
      'aip://model-version/registry/basic/1',
      'aip://person/registry/ada%40example.com',
      'aip://team/registry/flights',
      'aip://dataset/registry/flights',
      'aip://pipeline/registry/flights/training',
    ]);
    expect(lineage).toMatchObject({ byDepth: { 1: 5, 2: 2 }, total: 7, truncated: false, cycles: [] });
  });

  it('shows who is affected when a model changes, and by which way', async () => {
    const impact = await ask('/v1/models/basic/impact');
    expect(impact.items.map(({ uri, depth }) => [depth, uri])).toEqual([
      [1, model('live')],
      [2, service('crew-planning')],
      [2, service('departures-board')],
    ]);
    expect(impact.items[2]?.path).toEqual([model('basic'), model('live'), service('departures-board')]);
  });

  it('says that there is more beyond the depth', async () => {
    expect(await ask('/v1/models/basic/impact?depth=1')).toMatchObject({ total: 1, truncated: true });
  });

  it('shows chosen types a page at a time, though all are walked', async () => {
    const path = '/v1/models/basic/impact?types=service&limit=1';
    const first = await ask(path);
    expect(first).toMatchObject({ total: 2, byDepth: { 2: 2 } });
    const second = await ask(`${path}&cursor=${first.cursor}`);
    expect([...uris(first), ...uris(second)]).toEqual([service('crew-planning'), service('departures-board')]);
    expect(second).not.toHaveProperty('cursor');
  });

  it('answers an unknown model and a foreign cursor with problems', async () => {
    expect(await running.customer.call('GET', '/v1/models/nothing/impact')).toMatchObject({
      status: 404,
      body: { type: 'urn:runway:problem:unknown-model' },
    });
    expect(await running.customer.call('GET', '/v1/models/basic/impact?cursor=x')).toMatchObject({
      status: 422,
      body: { type: 'urn:runway:problem:invalid-cursor' },
    });
  });

  it('rebuilds the graph from the streams and counts the same in table and database', async () => {
    const before = await ask('/v1/models/live/lineage?depth=10');
    const lines: string[] = [];
    const rebuild = await rebuilt((line) => lines.push(line));
    expect(rebuild).toMatchObject({ status: 'succeeded', models: 2, streams: 4, corrected: 0 });
    expect(rebuild.counted?.database).toEqual(rebuild.counted?.table);
    expect(rebuild.counted?.table.claims).toBeGreaterThan(15);
    expect(lines.at(-1)).toMatch(/ succeeded: 2 models, 4 streams, 0 corrected; .* as in the table$/);
    expect(await ask('/v1/models/live/lineage?depth=10')).toEqual(before);
  });

  it('brings back within the hour what the graph has lost', async () => {
    await running.customer.forgetInGraph('model#live');
    await running.later(61);
    // What a rebuild would have to correct, the sweep has not made good.
    expect(await rebuilt()).toMatchObject({ status: 'succeeded', corrected: 0 });
  });

  it('forgets a consumer that is gone, and remembers when it was there', async () => {
    const asOf = running.cloud.now();
    await running.later(10);
    const consumers = [{ service: 'crew-planning' }];
    await running.customer.succeed('PUT', '/v1/models/live/consumers', { consumers });
    await running.cloud.pump();
    expect(uris(await ask('/v1/models/live/impact'))).toEqual([service('crew-planning')]);
    expect(uris(await ask(`/v1/models/live/impact?asOf=${asOf}`))).toHaveLength(2);
  });

  it('takes what the command line imports, in parts, and goes on with an import that was interrupted', async () => {
    const { cloud } = running;
    const uri = (name: string) => `aip://dataset/catalog/${name}`;
    const lines = [
      ...['a', 'b', 'c'].map((name) => ({ entity: { uri: uri(name), name } })),
      { edge: { from: uri('a'), to: uri('b'), type: 'derivedFrom' } },
      { edge: { from: uri('b'), to: uri('c'), type: 'derivedFrom' } },
      { edge: { from: uri('c'), to: uri('c'), type: 'unheard' } },
    ].map((line) => JSON.stringify(line));
    const steps: string[] = [];
    const token = await cloud.token(everyRole);
    const import_ = (begin: ServiceImport['begin'], text: AsyncIterable<string>) =>
      importIntoService(
        { url: cloud.apiUrl, token, begin, parts: lineParts(text, { unpackedBytes: 150 }), wait: cloud.pump },
        (step) => steps.push(step),
      );
    async function* breaking() {
      yield* lines.slice(0, 3);
      throw new Error('the disk is gone');
    }
    async function* whole() {
      yield* lines;
    }
    await expect(import_({ provider: 'catalog', mode: 'full' }, breaking())).rejects.toThrow('the disk is gone');
    const report = await import_({ importId: 'catalog-i1' }, whole());
    expect(report).toMatchObject({
      status: 'succeeded',
      lines: 6,
      entities: 3,
      edges: 2,
      rejected: 1,
      ends: 'withheld',
    });
    expect(report.errors[0]?.reason).toContain('/edge/type: Invalid option');
    expect(report.parts).toBeGreaterThan(1);
    expect(steps.join('\n')).toMatch(/import catalog-i1: 6 lines sent in \d parts/);
    // Who looks again at one that has ended is told what came of it.
    expect(await import_({ importId: 'catalog-i1' }, whole())).toEqual(report);
    const { byDepth } = await ask(`/v1/entities/-/impact?uri=${encodeURIComponent(uri('c'))}`);
    expect(byDepth).toEqual({ 1: 1, 2: 1 });
  });
});
