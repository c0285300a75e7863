import { describe, expect, test } from 'vitest';
import { createDynamoEnrichmentProgress } from '../../shared/adapters/dynamodb/dynamo-enrichment-progress.ts';
import { createDynamoOverrideExpiries } from '../../shared/adapters/dynamodb/dynamo-override-expiries.ts';
import { createDynamoSuggestionRejections } from '../../shared/adapters/dynamodb/dynamo-suggestion-rejections.ts';
import { createMemoryEnrichmentProgress } from '../../shared/adapters/memory/memory-enrichment-progress.ts';
import { createMemoryOverrideExpiries } from '../../shared/adapters/memory/memory-override-expiries.ts';
import { createMemorySuggestionRejections } from '../../shared/adapters/memory/memory-suggestion-rejections.ts';
import { edgeId } from '../../shared/domain/graph/contribution.ts';
import { emptyTables } from './empty-tables.ts';

const table = emptyTables();

/** In order of time. */
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const uri = (id: string) => `aip://dataset/warehouse/${id}`;

describe.each([
  ['in memory', async () => createMemoryEnrichmentProgress()],
  ['on DynamoDB', async () => createDynamoEnrichmentProgress(await table())],
])('how far inference has come, %s', (_name, make) => {
  test('is nowhere before anything was written', async () => {
    expect(await (await make()).get()).toEqual({ state: { change: 0 }, revision: 0 });
  });

  test('is replaced as a whole, and counted', async () => {
    const progress = await make();
    const everything = { begunAt: 7, after: uri('a') };
    const full = { change: 9, everythingAt: at(1), everything, leasedUntil: at(2) };
    expect(await progress.put(full, 0)).toBe(1);
    expect(await progress.get()).toEqual({ state: full, revision: 1 });
    expect(await progress.put({ change: 12, everything: undefined }, 1)).toBe(2);
    expect(await progress.get()).toEqual({ state: { change: 12 }, revision: 2 });
  });

  test('is not written over what another run has written since', async () => {
    const progress = await make();
    await progress.put({ change: 1 }, 0);
    for (const stale of [0, 2])
      await expect(progress.put({ change: 2 }, stale)).rejects.toMatchObject({ name: 'VersionConflict' });
    expect(await progress.get()).toEqual({ state: { change: 1 }, revision: 1 });
  });
});

describe.each([
  ['in memory', async () => createMemoryOverrideExpiries()],
  ['on DynamoDB', async () => createDynamoOverrideExpiries(await table())],
])('when overrides end, %s', (_name, make) => {
  test('is due at its moment and later, the earliest first, and not before', async () => {
    const expiries = await make();
    const notes = [
      { subject: uri('late'), expiresAt: at(9) },
      { subject: uri('b'), expiresAt: at(5) },
      { subject: uri('a'), expiresAt: at(5) },
      { subject: uri('early'), expiresAt: at(1) },
    ];
    for (const note of notes) await expiries.note(note);
    expect((await expiries.due(at(5))).map(({ subject }) => subject)).toEqual([uri('early'), uri('a'), uri('b')]);
    expect(await expiries.due(at(0))).toEqual([]);
  });

  test('may be noted again, and is forgotten moment by moment', async () => {
    const expiries = await make();
    const [first, second] = [
      { subject: uri('a'), expiresAt: at(1) },
      { subject: uri('a'), expiresAt: at(2) },
    ];
    for (const note of [first, first, second]) await expiries.note(note);
    expect(await expiries.due(at(3))).toEqual([first, second]);
    await expiries.forget(first);
    await expiries.forget(first);
    expect(await expiries.due(at(3))).toEqual([second]);
  });

  test('is told of a hundred at a time', async () => {
    const expiries = await make();
    for (let minute = 0; minute < 103; minute += 1)
      await expiries.note({ subject: uri(`n${minute}`), expiresAt: at(minute) });
    const due = await expiries.due(at(200));
    expect(due).toHaveLength(100);
    for (const each of due) await expiries.forget(each);
    expect((await expiries.due(at(200))).map(({ expiresAt }) => expiresAt)).toEqual([at(100), at(101), at(102)]);
  });

  test('may be of a subject with the longest name', async () => {
    const expiries = await make();
    const note = { subject: uri('x'.repeat(870)), expiresAt: at(1) };
    await expiries.note(note);
    expect(await expiries.due(at(1))).toEqual([note]);
  });
});

describe.each([
  ['in memory', async () => createMemorySuggestionRejections()],
  ['on DynamoDB', async () => createDynamoSuggestionRejections(await table())],
])('suggestions that were rejected, %s', (_name, make) => {
  const edge = { from: uri('a'), type: 'derivedFrom', to: uri('b') } as const;
  const rejection = { edge, by: 'ada', reason: 'another table', at: at(1) };

  test('are none at first', async () => {
    expect([...(await (await make()).all())]).toEqual([]);
  });

  test('are known by their edges, whatever their length, and the last word counts', async () => {
    const rejections = await make();
    const long = { ...edge, to: uri('x'.repeat(870)), from: uri('y'.repeat(870)) };
    await rejections.reject(rejection);
    await rejections.reject({ ...rejection, edge: long });
    await rejections.reject({ ...rejection, edge: { ...edge, type: 'aliasOf' } });
    await rejections.reject({ ...rejection, by: 'grace', at: at(2) });
    const all = await rejections.all();
    expect(all.size).toBe(3);
    expect(all.get(edgeId(edge))).toEqual({ ...rejection, by: 'grace', at: at(2) });
    expect(all.get(edgeId(long))).toEqual({ ...rejection, edge: long });
  });
});
