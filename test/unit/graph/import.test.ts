import { describe, expect, test } from 'vitest';
import { groupCount } from '../../../shared/domain/graph/import/graph-import.ts';
import { putImportPart } from '../../../shared/use-cases/graph/import/commit-import.ts';
import { groupOf } from '../../../shared/use-cases/graph/import/split-part.ts';
import { failImport } from '../../../shared/use-cases/graph/import/step-import.ts';
import { day, importing } from './importing.ts';

const dataset = (id: string) => `aip://dataset/dbt/${id}`;
const entity = (id: string, more: object = {}) => ({ entity: { uri: dataset(id), ...more } });
const edge = (from: string, to: string, type = 'derivedFrom', more: object = {}) => ({
  edge: { from: dataset(from), to: dataset(to), type, ...more },
});
const said = (from: string, to: string, claimant = 'dbt') => `${claimant}: ${dataset(from)} derivedFrom ${dataset(to)}`;

describe('an import', () => {
  test('makes one statement of each subject, wherever its lines stand', async () => {
    const { open, commit, finish, edges, store } = importing();
    const parts = [
      [edge('mart', 'orders'), entity('orders', { name: 'Orders' }), edge('orders', 'raw')],
      ['', edge('mart', 'customers'), entity('mart', { tags: ['layer::mart'] })],
    ];
    const importId = await open('dbt', 'full', parts);
    await commit(importId, 2);
    const done = await finish(importId);
    expect(done).toMatchObject({ status: 'succeeded', lines: 5, entities: 2, edges: 3, rejected: 0, changed: 2 });
    expect(await edges()).toEqual([said('mart', 'customers'), said('mart', 'orders'), said('orders', 'raw')]);
    const [mart] = await store.about(dataset('mart'));
    expect(mart?.contribution.entities[0]).toMatchObject({ tags: ['layer::mart'], hydratedAt: day(2) });
  });

  test('stores what a pipeline produces as produced by it', async () => {
    const { run, edges } = importing();
    const pipeline = 'aip://pipeline/dbt/nightly';
    await run('dbt', 'delta', [{ edge: { from: pipeline, to: dataset('orders'), type: 'produces', confidence: 0.5 } }]);
    expect(await edges()).toEqual([`dbt: ${dataset('orders')} producedBy ${pipeline}`]);
  });

  test('in full ends what its provider no longer says, and nothing of others', async () => {
    const { run, edges, store } = importing();
    await run('airflow', 'full', [edge('orders', 'raw')]);
    await run('dbt', 'full', [entity('orders'), edge('orders', 'raw'), edge('mart', 'orders')]);
    const done = await run('dbt', 'full', [edge('mart', 'customers')], day(3));
    expect(done).toMatchObject({ changed: 1, retired: 1 });
    expect(await edges()).toEqual([said('orders', 'raw', 'airflow'), said('mart', 'customers')]);
    const kept = (await store.about(dataset('orders'))).find(({ streamId }) => streamId.endsWith(' dbt'));
    expect(kept?.contribution.entities[0]?.removedAt).toBe(day(3));
  });

  test('as a delta adds to what its provider said, ends what it retires, and leaves the rest', async () => {
    const { run, edges, store } = importing();
    await run('dbt', 'full', [entity('orders', { name: 'Orders' }), edge('orders', 'raw'), edge('orders', 'stock')]);
    await run('dbt', 'full', [
      entity('orders', { name: 'Orders' }),
      edge('orders', 'raw'),
      edge('orders', 'stock'),
      edge('mart', 'orders'),
    ]);
    const ended = { retire: { from: dataset('orders'), to: dataset('stock'), type: 'derivedFrom' } };
    const done = await run(
      'dbt',
      'delta',
      [edge('orders', 'new'), ended, { retire: { uri: dataset('mart') } }],
      day(3),
    );
    expect(done).toMatchObject({ changed: 1, retired: 1, rejected: 0 });
    expect(await edges()).toEqual([said('orders', 'new'), said('orders', 'raw')]);
    const [orders] = await store.about(dataset('orders'));
    expect(orders?.contribution.entities[0]).toMatchObject({ name: 'Orders', hydratedAt: day(2) });
  });

  test.each(['full', 'delta'] as const)('a second time changes nothing (%s)', async (mode) => {
    const { run, changes } = importing();
    const lines = [entity('orders'), edge('orders', 'raw'), edge('mart', 'orders')];
    await run('dbt', mode, lines);
    const before = await changes();
    expect(await run('dbt', mode, lines.toReversed(), day(9))).toMatchObject({ changed: 0, same: 2, retired: 0 });
    expect(await changes()).toBe(before);
  });

  test('gives the same graph wherever it crashed', async () => {
    const lines = [entity('orders'), edge('orders', 'raw'), edge('mart', 'orders'), edge('mart', 'customers')];
    const whole = importing();
    await whole.run('dbt', 'full', [entity('gone')], day(1));
    await whole.run('dbt', 'full', lines);
    const expected = await whole.contents();
    for (let call = 1; ; call += 1) {
      const world = importing();
      await world.run('dbt', 'full', [entity('gone')], day(1));
      const importId = await world.open('dbt', 'full', [lines]);
      await world.commit(importId);
      world.crashBefore(call);
      await world.finish(importId);
      expect(await world.contents(), `after a crash before call ${call}`).toBe(expected);
      if (!world.hasCrashed()) {
        expect(call).toBeGreaterThan(15);
        return;
      }
    }
  });

  test('that was given up goes on where it stopped', async () => {
    const { open, commit, finish, ports, edges } = importing();
    const importId = await open('dbt', 'delta', [[edge('orders', 'raw')]]);
    await commit(importId);
    const failed = await failImport(ports.imports, importId, day(2));
    expect(failed).toMatchObject({
      status: 'failed',
      errors: [{ reason: expect.stringContaining('commit it again') }],
    });
    expect(await commit(importId, 1, day(3))).toMatchObject({ status: 'splitting', attempt: 2, committedAt: day(2) });
    expect(await finish(importId, day(3))).toMatchObject({ status: 'succeeded' });
    expect(await edges()).toEqual([said('orders', 'raw')]);
  });

  test('waits for no other of its provider, and not for one that nobody has stepped for an hour', async () => {
    const { open, commit, finish } = importing();
    const [first, second] = [await open('dbt', 'delta', [[entity('a')]]), await open('dbt', 'delta', [[entity('b')]])];
    await commit(first);
    await expect(commit(second)).rejects.toMatchObject({ name: 'IllegalTransition', code: 'import-running' });
    await commit(second, 1, day(3));
    expect(await finish(first, day(3))).toMatchObject({ status: 'failed' });
    expect(await finish(second, day(3))).toMatchObject({ status: 'succeeded', changed: 1 });
  });

  test('takes no part after it was committed, and no commit without its parts', async () => {
    const { open, commit, ports, finish } = importing();
    const importId = await open('dbt', 'delta', [[entity('a')]]);
    for (const parts of [2, 100])
      await expect(commit(importId, parts)).rejects.toMatchObject({ code: 'missing-parts' });
    await commit(importId);
    await finish(importId);
    expect(await commit(importId)).toMatchObject({ status: 'succeeded' });
    const late = { importId, part: 2, packed: new Uint8Array(), bytes: 0 };
    const refused = { name: 'IllegalTransition', code: 'illegal-transition' };
    await expect(putImportPart(ports, late)).rejects.toMatchObject(refused);
    await expect(putImportPart(ports, { ...late, importId: 'dbt-i2' })).rejects.toMatchObject({ name: 'NotFound' });
  });

  test.each(['registry', 'override', 'enrichment', 'openlineage', 'metaflow', 'No Provider'])(
    'for %s is refused',
    async (provider) => {
      await expect(importing().open(provider, 'full', [])).rejects.toMatchObject({ code: 'reserved-provider' });
    },
  );
});

describe('a line that cannot be read', () => {
  const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /not JSON/],
    ['deep nesting', `{"entity":{"uri":"${dataset('a')}","attributes":{"x":${deep}}}}`, /nests deeper/],
    ['a prototype', `{"entity":{"uri":"${dataset('a')}","attributes":{"__proto__":"x"}}}`, /__proto__/],
    ['a key twice', `{"entity":{"uri":"${dataset('a')}"},"entity":{}}`, /twice/],
    ['ten megabytes', `{"entity":{"uri":"${dataset('a')}","description":"${'x'.repeat(10_000_000)}"}}`, /longer than/],
    [
      'a script in a name',
      entity('a', { name: '<script>alert(1)</script>' }),
      /\/entity\/name: expected text without </,
    ],
    ['a script in a description', entity('a', { description: 'x\n< SCRIPT>' }), /script elements/],
    ['a control character', entity('a', { name: 'a\u0000b' }), /control characters/],
    ['an unknown type', { entity: { uri: 'aip://widget/dbt/a' } }, /expected aip/],
    ['no URI', { entity: { uri: 'https://example.com' } }, /expected aip/],
    ['a URI that is not canonical', { entity: { uri: 'aip://dataset/dbt/a b' } }, /expected aip/],
    ['a URI with half a character', '{"entity":{"uri":"aip://dataset/dbt/\\ud800"}}', /expected aip/],
    ['an unknown edge type', edge('a', 'b', 'loves'), /\/edge\/type/],
    ['an unknown field', entity('a', { owner: 'ada' }), /owner/],
    ['an attribute of another shape', entity('a', { attributes: { columnCount: 'many' } }), /columnCount/],
    ['too large attributes', entity('a', { attributes: { list: Array(100).fill('x'.repeat(1_000)) } }), /bytes/],
    ['another name of itself', edge('a', 'a', 'aliasOf'), /other name of itself/],
    ['a confidence above one', edge('a', 'b', 'derivedFrom', { confidence: 2 }), /confidence/],
    ['nothing known', { vertex: {} }, /expected one of/],
    ['a list', [1], /expected one of/],
    ['a retirement in full', { retire: { uri: dataset('a') } }, /belongs to a delta/],
  ])('is reported with its number and why: %s', async (_what, line, reason) => {
    const { run, edges } = importing();
    const done = await run('dbt', 'full', [edge('orders', 'raw'), '', line]);
    expect(done).toMatchObject({ status: 'succeeded', lines: 2, rejected: 1, changed: 1 });
    expect(done.errors).toEqual([{ part: 1, line: 3, reason: expect.stringMatching(reason) }]);
    expect(await edges()).toEqual([said('orders', 'raw')]);
  });

  test('keeps a full import from ending anything', async () => {
    const { run, edges } = importing();
    await run('dbt', 'full', [edge('orders', 'raw'), edge('mart', 'orders')]);
    const done = await run('dbt', 'full', [edge('orders', 'stock'), '{']);
    expect(done).toMatchObject({ rejected: 1, changed: 1, retired: 0 });
    expect(await edges()).toEqual([said('mart', 'orders'), said('orders', 'raw'), said('orders', 'stock')]);
  });

  test('is shown among the first hundred only', async () => {
    const { run } = importing();
    const done = await run('dbt', 'delta', Array(300).fill('nonsense'));
    expect(done).toMatchObject({ rejected: 300, changed: 0 });
    expect(done.errors).toHaveLength(100);
  });
});

test('groups are as many as their bytes ask, and subjects spread over them', () => {
  expect([0, 8_000_000, 8_000_001, 1_000_000_000].map(groupCount)).toEqual([1, 1, 2, 125]);
  const counts = Array.from({ length: 5 }, () => 0);
  for (let n = 0; n < 5_000; n += 1) counts[groupOf(dataset(String(n)), 5)]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(900);
});
