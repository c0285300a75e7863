import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { apiWriterOf, mayWriteFor, writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import { writerStream } from '../../../shared/domain/stream-ids.ts';
import { changeWriter, expectWriter } from '../../../shared/use-cases/registry/change-writer.ts';
import { issueWriterKey, rotateWriterKey } from '../../../shared/use-cases/registry/issue-writer-key.ts';
import { listWriters } from '../../../shared/use-cases/registry/view-writers.ts';
import { at, morning } from './fixtures/models.ts';

const ada = { id: 'ada', kind: 'person', roles: ['editor:flights'], teams: ['flights'] } as const;
const context = { actor: ada, now: morning, reason: 'test' };
const gate = 'flights/gate';

function world() {
  const events = createMemoryEventStore();
  const ports = { events, rootSecret: { read: async () => 'root' } };
  return {
    events,
    issue: (writer: string, settings = {}) => issueWriterKey(ports, { writer, ...settings }, context),
    rotate: (overlapHours: number, now = morning, requestId?: string) =>
      rotateWriterKey(ports, { writer: gate, overlapHours, requestId }, { ...context, now }),
    change: (command: Parameters<typeof changeWriter>[2], writer = gate) =>
      changeWriter(events, writer, command, context),
  };
}
let runway = world();
beforeEach(() => {
  runway = world();
});

describe('a key', () => {
  it('of generation 1 is what was derived before there were generations, so that keys in use stay good', () => {
    // openssl dgst -sha256 -hmac root: of `flights/gate`
    expect(writerKey('root', gate)).toBe('f6a312b1bf30e436c61e6b80c6454a8d8faf330e92260759474c364835677e23');
    expect(writerKey('root', gate, 1)).toBe(writerKey('root', gate));
  });

  it('is another for every writer and every generation, and no name leads to another writer’s', () => {
    const keys = [gate, 'flights/gate2', 'search/gate', 'flights/gat'].flatMap((writer) =>
      [1, 2, 3, 12].map((keyId) => writerKey('root', writer, keyId)),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is the same until it is rotated', async () => {
    const first = await runway.issue(gate);
    expect(await runway.issue(gate)).toMatchObject({ key: first.key, version: 1 });
    const second = await runway.rotate(24);
    expect(second.state).toMatchObject({ keyId: 2, formerKeys: [{ keyId: 1, validUntil: at(24 * 60) }] });
    expect(second.key).not.toBe(first.key);
    expect(await runway.issue(gate)).toMatchObject({ key: second.key });
  });

  it('is rotated once by a request that is repeated, whatever came between', async () => {
    await runway.issue(gate);
    const first = await runway.rotate(24, at(0), 'a');
    expect(await runway.rotate(24, at(1), 'a')).toEqual(first);
    const second = await runway.rotate(0, at(2), 'b');
    expect(second.state.keyId).toBe(3);
    expect(await runway.rotate(24, at(3), 'a')).toEqual(second);
    expect(second.state.formerKeys.map(({ keyId, validUntil }) => [keyId, validUntil])).toEqual([
      [1, at(24 * 60)],
      [2, at(2)],
    ]);
    expect((await runway.rotate(24, at(4))).state.keyId).toBe(4);
    expect((await runway.rotate(24, at(5))).state.keyId).toBe(5);
    expect((await runway.rotate(24, at(6), 'b')).state.keyId).toBe(5);
  });

  it('stands in no commit and no head', async () => {
    const issued = [await runway.issue(gate), await runway.rotate(1)];
    const stored = JSON.stringify([
      await runway.events.head(writerStream(gate)),
      await runway.events.commits(writerStream(gate), { afterVersion: 0, limit: 10 }),
    ]);
    for (const { key } of issued) expect(stored).not.toContain(key);
  });

  it('of a former generation is remembered for as long as the stream may hold what it signed', async () => {
    await runway.issue(gate);
    await runway.rotate(0);
    expect((await runway.rotate(0, at(7 * 1_440))).state.formerKeys).toHaveLength(2);
    expect((await runway.rotate(0, at(9 * 1_440))).state.formerKeys.map(({ keyId }) => keyId)).toEqual([2, 3]);
  });
});

describe('a writer', () => {
  it('may write no outcomes unless that was asked for, and keeps the settings that are not named', async () => {
    expect((await runway.issue(gate)).state.scopes).toEqual(['predictions']);
    const widened = await runway.issue(gate, { scopes: ['outcomes', 'predictions'] });
    expect(widened).toMatchObject({ version: 2 });
    const limited = await runway.issue(gate, { eventsPerMinute: 600 });
    expect(limited.state).toMatchObject({ eventsPerMinute: 600 });
    expect((await expectWriter(runway.events, gate)).state.scopes).toEqual(['predictions', 'outcomes']);
  });

  it('is limited to the namespaces that are named, until the limit is lifted', async () => {
    expect((await runway.issue(gate)).state).not.toHaveProperty('lineageNamespaces');
    const limited = await runway.issue(gate, { lineageNamespaces: ['spark', 'airflow://prod', 'spark'] });
    expect(limited.state.lineageNamespaces).toEqual(['airflow://prod', 'spark']);
    const other = await runway.issue(gate, { eventsPerMinute: 600 });
    expect(other).toMatchObject({ version: 3, state: { lineageNamespaces: ['airflow://prod', 'spark'] } });
    expect(await runway.issue(gate, { lineageNamespaces: ['spark', 'airflow://prod'] })).toMatchObject({ version: 3 });
    const lifted = await runway.issue(gate, { lineageNamespaces: null });
    expect(lifted).toMatchObject({ version: 4, state: { eventsPerMinute: 600 } });
    expect(lifted.state).not.toHaveProperty('lineageNamespaces');
  });

  it('belongs to its team, and Runway’s own are given to nobody', async () => {
    expect([mayWriteFor(gate, 'flights'), mayWriteFor(gate, 'flight'), mayWriteFor('runway/api.x', 'hotels')]).toEqual([
      true,
      false,
      true,
    ]);
    for (const command of [{ type: 'revoke' }, { type: 'rotateKey', overlapHours: 0 }] as const)
      expect(() => runway.change(command, 'runway/api')).toThrow(/Runway's own/);
    await expect(runway.issue('runway/api')).rejects.toMatchObject({ code: 'reserved-writer' });
  });

  it('that is revoked stays so and gets no key', async () => {
    await runway.issue(gate);
    expect((await runway.change({ type: 'revoke' })).state.revokedAt).toBe(morning);
    expect((await runway.change({ type: 'revoke' })).version).toBe(2);
    await expect(runway.issue(gate)).rejects.toMatchObject({ code: 'illegal-transition' });
    await expect(runway.rotate(24)).rejects.toMatchObject({ code: 'illegal-transition' });
  });

  it('that nobody registered can be neither rotated nor distrusted', async () => {
    await expect(runway.rotate(24)).rejects.toMatchObject({ code: 'unknown-writer' });
    await expect(runway.change({ type: 'distrust', reason: 'x', by: 'ada' })).rejects.toMatchObject({
      code: 'unknown-writer',
    });
    await expect(expectWriter(runway.events, gate)).rejects.toMatchObject({ code: 'unknown-writer' });
  });

  it('is listed by name, of its team or of all, page by page', async () => {
    for (const writer of ['flights/b', 'hotels/a', 'flights/a', 'flights/c']) await runway.issue(writer);
    const { items, cursor } = await listWriters(runway.events, { team: 'flights', limit: 2 });
    expect(items.map(({ writer }) => writer)).toEqual(['flights/a', 'flights/b']);
    const next = await listWriters(runway.events, { team: 'flights', limit: 2, cursor });
    expect(next.items.map(({ writer }) => writer)).toEqual(['flights/c']);
    expect((await listWriters(runway.events, { limit: 9 })).items).toHaveLength(4);
  });
});

describe('whoever posts over HTTP', () => {
  it('is a writer of Runway’s own by id, whatever the id looks like', () => {
    expect(apiWriterOf('4f1c-ada')).toBe('runway/api.4f1c-ada');
    const strange = ['ada@flights.example', 'a/b', 'x\n2', 'y'.repeat(200), ''].map(apiWriterOf);
    expect(new Set(strange).size).toBe(5);
    for (const writer of strange) expect(writer).toMatch(/^runway\/[A-Za-z0-9._-]{1,64}$/);
  });
});

describe('distrust', () => {
  const distrust = (span: { readonly from?: string; readonly to?: string } = {}) =>
    runway.change({ type: 'distrust', reason: 'flood', by: 'ada', ...span });

  it('is kept with its span, reason and who said so until it is taken back', async () => {
    await runway.issue(gate);
    await distrust({ from: at(0), to: at(60) });
    const { state } = await distrust({ from: at(120) });
    expect(state).toMatchObject({
      distrusts: [
        { distrustId: 1, from: at(0), to: at(60), reason: 'flood', by: 'ada', since: morning },
        { distrustId: 2, from: at(120) },
      ],
      trustRevision: 2,
      unrestated: { from: at(0) },
    });
    const trusted = await runway.change({ type: 'trust', distrustId: 1 });
    expect(trusted.state).toMatchObject({ distrusts: [{ distrustId: 2 }], trustRevision: 3 });
    await expect(runway.change({ type: 'trust', distrustId: 1 })).rejects.toMatchObject({ code: 'unknown-distrust' });
    expect((await distrust()).state.distrusts.map(({ distrustId }) => distrustId)).toEqual([2, 3]);
  });

  it('of an empty span is refused', async () => {
    await runway.issue(gate);
    await expect(distrust({ from: at(60), to: at(60) })).rejects.toMatchObject({ code: 'empty-span' });
  });

  it('also concerns what a principal posted over HTTP', async () => {
    const writer = apiWriterOf('mallory');
    const { state } = await runway.change({ type: 'distrust', reason: 'flood', by: 'ada' }, writer);
    expect(state).toMatchObject({ writer, distrusts: [{ distrustId: 1 }] });
  });
});
