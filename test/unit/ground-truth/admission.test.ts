import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEventCounter } from '../../../shared/adapters/memory/memory-event-counter.ts';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { packColumns } from '../../../shared/domain/ground-truth/pack-columns.ts';
import type { PackedEvent } from '../../../shared/domain/ground-truth/records.ts';
import { pack } from '../../../shared/domain/ground-truth/wire-format.ts';
import { openRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { createWriterAllowance } from '../../../shared/use-cases/ground-truth/writer-allowance.ts';
import { createWriterDirectory } from '../../../shared/use-cases/ground-truth/writer-directory.ts';
import { changeWriter } from '../../../shared/use-cases/registry/change-writer.ts';
import { issueWriterKey, rotateWriterKey } from '../../../shared/use-cases/registry/issue-writer-key.ts';
import { at, morning, observed, predicted, servedModel } from './fixtures/models.ts';

// From the registration of a writer to what becomes of its records, with nothing of it assumed.
const actor = { id: 'ada', kind: 'person', roles: ['editor:flights'], teams: ['flights'] } as const;
const context = { actor, now: morning, reason: 'test' };
const writer = 'flights/gate';

function world() {
  const events = createMemoryEventStore();
  const keys = { events, rootSecret: { read: async () => 'root secret' } };
  const opening = {
    directory: createMemoryModelDirectory([servedModel()]),
    rootSecret: keys.rootSecret,
    writers: createWriterDirectory(events),
    allowance: createWriterAllowance(createMemoryEventCounter()),
  };
  let sequence = 0;
  const opened = async (data: Uint8Array, now: string) => {
    sequence += 1;
    const record = { id: String(sequence), shardId: 'shard-1', partitionKey: 'late-live:0', now, data };
    try {
      const { events: joined } = await openRecord(opening, record);
      return joined.map((event) => event.writer).join(' ');
    } catch (error) {
      if (!isRunwayError(error)) throw error;
      return `${error.name} ${error.code}`;
    }
  };
  return {
    register: (settings = {}) =>
      issueWriterKey(keys, { writer, scopes: ['predictions', 'outcomes'], ...settings }, context),
    rotate: (overlapHours: number) => rotateWriterKey(keys, { writer, overlapHours }, { ...context, now: at(60) }),
    revoke: () => changeWriter(events, writer, { type: 'revoke' }, { ...context, now: at(60) }),
    /** In columns, which name the generation of the key. */
    send: (key: string, keyId: number, now: string, said: readonly PackedEvent[] = [predicted('p1')]) =>
      opened(packColumns(said, { writer, key, keyId, modelId: 'late-live', bucket: 0 })[0]!, now),
    /** In lines, which name none. */
    sendLines: (key: string, now: string) =>
      opened(pack([predicted('p1')], { writer, key, modelId: 'late-live', bucket: 0 })[0]!, now),
  };
}
let runway = world();
beforeEach(() => {
  runway = world();
});

describe('a record', () => {
  it('of a registered writer is taken, in either format', async () => {
    const { key } = await runway.register();
    expect(await runway.send(key, 1, at(1))).toBe(writer);
    expect(await runway.sendLines(key, at(1))).toBe(writer);
  });

  it('of a writer that is not registered is refused although its key is good', async () => {
    const elsewhere = world();
    const { key } = await elsewhere.register();
    expect(await runway.send(key, 1, at(1))).toBe('NotAuthorized unknown-writer');
  });

  it('is taken with the former key for as long as they overlap, with the new one at once', async () => {
    const { key: former } = await runway.register();
    const { key } = await runway.rotate(24);
    expect(await runway.send(key, 2, at(61))).toBe(writer);
    expect(await runway.sendLines(former, at(61 + 23 * 60))).toBe(writer);
    expect(await runway.sendLines(former, at(61 + 24 * 60))).toBe('NotAuthorized expired-key');
    expect(await runway.send(former, 1, at(61 + 24 * 60))).toBe('NotAuthorized expired-key');
    expect(await runway.send(key, 2, at(61 + 24 * 60))).toBe(writer);
  });

  it('cannot pass one key off as another generation', async () => {
    const { key: former } = await runway.register();
    const { key } = await runway.rotate(0);
    expect(await runway.send(former, 2, at(61))).toBe('InvalidSignature wrong-signature');
    expect(await runway.send(key, 1, at(61))).toBe('InvalidSignature wrong-signature');
    expect(await runway.send(former, 3, at(61))).toBe('InvalidSignature wrong-signature');
  });

  it('that arrived before its writer was revoked is taken whenever it is read', async () => {
    const { key } = await runway.register();
    await runway.revoke();
    expect(await runway.send(key, 1, at(60))).toBe('NotAuthorized revoked-writer');
    expect(await runway.send(key, 1, at(59))).toBe(writer);
  });

  it('with outcomes is refused as a whole when its writer may only write predictions', async () => {
    const { key } = await runway.register({ scopes: ['predictions'] });
    expect(await runway.send(key, 1, at(1))).toBe(writer);
    expect(await runway.send(key, 1, at(180), [predicted('p1'), observed('p1')])).toBe('NotAuthorized wrong-scope');
    expect(await runway.send(key, 1, at(180), [observed('p1')])).toBe('NotAuthorized wrong-scope');
  });

  it('beyond its writer’s limit is refused until the next minute', async () => {
    const { key } = await runway.register({ eventsPerMinute: 2 });
    expect(await runway.send(key, 1, at(1), [predicted('p1'), predicted('p2')])).toBe(`${writer} ${writer}`);
    expect(await runway.send(key, 1, at(1))).toBe('RateLimited rate-limited');
    expect(await runway.send(key, 1, at(2))).toBe(writer);
  });
});
