import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryEventCounter } from '../../../shared/adapters/memory/memory-event-counter.ts';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { defaultEventsPerMinute, type WriterState } from '../../../shared/domain/ground-truth/writer.ts';
import { expectAccess, expectScope } from '../../../shared/domain/ground-truth/writer-access.ts';
import { rejectionFigures } from '../../../shared/use-cases/ground-truth/rejection-figures.ts';
import {
  createWriterAllowance,
  expectSubmissionAllowance,
} from '../../../shared/use-cases/ground-truth/writer-allowance.ts';
import { createWriterDirectory } from '../../../shared/use-cases/ground-truth/writer-directory.ts';
import { issueWriterKey } from '../../../shared/use-cases/registry/issue-writer-key.ts';
import { at, morning } from './fixtures/models.ts';
import { registered } from './fixtures/trusted-writers.ts';

const gate = 'flights/gate';

function codeOf(work: () => void): string {
  try {
    work();
    return 'taken';
  } catch (error) {
    return String(Reflect.get(Object(error), 'code'));
  }
}

describe('a signed record', () => {
  const rotated = registered(gate, { keyId: 3, formerKeys: [{ keyId: 2, validUntil: at(60) }] });
  it.each<[string, WriterState | undefined, number, string, string]>([
    ['of the present key', rotated, 3, at(0), 'taken'],
    ['of the former key within the overlap', rotated, 2, at(59), 'taken'],
    ['of the former key when the overlap is over', rotated, 2, at(60), 'expired-key'],
    ['of a key long replaced', rotated, 1, at(0), 'expired-key'],
    ['of a key not yet issued', rotated, 4, at(0), 'unknown-key'],
    ['of nobody registered', undefined, 1, at(0), 'unknown-writer'],
    ['that arrived before its writer was revoked', registered(gate, { revokedAt: at(5) }), 1, at(4), 'taken'],
    ['that arrived when it was', registered(gate, { revokedAt: at(5) }), 1, at(5), 'revoked-writer'],
  ])('%s: %#', (_name, state, keyId, now, expected) => {
    expect(codeOf(() => expectAccess(state, { writer: gate, keyId, at: now }))).toBe(expected);
  });

  it('holds only what its writer may say', () => {
    const [scores, labels] = [
      registered(gate, { scopes: ['predictions'] }),
      registered(gate, { scopes: ['outcomes'] }),
    ];
    expect(codeOf(() => expectScope(scores, 'prediction'))).toBe('taken');
    expect(codeOf(() => expectScope(scores, 'outcome'))).toBe('wrong-scope');
    expect(codeOf(() => expectScope(labels, 'prediction'))).toBe('wrong-scope');
    expect(codeOf(() => expectScope(labels, 'outcome'))).toBe('taken');
  });

  it('that is refused for its writer or for its number is counted as that', () => {
    for (const code of ['wrong-signature', 'unknown-writer', 'revoked-writer', 'expired-key', 'wrong-scope'])
      expect(rejectionFigures({ code })).toEqual({ RecordsUntrusted: 1 });
    expect(rejectionFigures({ code: 'rate-limited' })).toEqual({ RecordsRateLimited: 1 });
    expect(rejectionFigures({ code: 'header-malformed' })).toEqual({});
  });
});

describe('the directory of writers', () => {
  it('reads a writer once in ten seconds of arrivals, and again for what arrived before', async () => {
    const store = createMemoryEventStore();
    const ports = { events: store, rootSecret: { read: async () => 'root' } };
    const actor = { id: 'ada', kind: 'person', roles: [], teams: [] } as const;
    await issueWriterKey(ports, { writer: gate }, { actor, now: morning, reason: 'test' });
    let reads = 0;
    const directory = createWriterDirectory({
      head: (id) => {
        reads += 1;
        return store.head(id);
      },
    });
    const second = (n: number) => new Date(Date.parse(morning) + n * 1_000).toISOString();
    for (const n of [0, 3, 10]) expect(await directory.find(gate, second(n))).toMatchObject({ writer: gate });
    expect(reads).toBe(1);
    await directory.find(gate, second(11));
    expect(reads).toBe(2);
    await directory.find(gate, second(5));
    expect(reads).toBe(3);
    expect(await directory.find('flights/none', second(5))).toBeUndefined();
    await directory.find('runway/api.ada', second(5));
    expect(reads).toBe(4);
  });
});

describe('an allowance of events a minute', () => {
  const sent = (id: number, events: number, minute = 0) => ({
    id: String(id),
    writer: gate,
    events,
    eventsPerMinute: 600,
    at: at(minute),
  });

  it('takes at least the limit and at most a record and a second’s share per reader more, and says so of the rest', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ reader: fc.nat({ max: 2 }), events: fc.integer({ min: 1, max: 40 }) }), {
          maxLength: 150,
        }),
        async (records) => {
          const counter = createMemoryEventCounter();
          const readers = [0, 1, 2].map(() => createWriterAllowance(counter));
          let [taken, refused] = [0, 0];
          for (const [id, { reader, events }] of records.entries()) {
            const isTaken = await readers[reader]!.take(sent(id, events)).then(
              () => true,
              (error: unknown) => {
                expect(error).toMatchObject({ name: 'RateLimited', code: 'rate-limited' });
                return false;
              },
            );
            if (isTaken) taken += events;
            else refused += events;
          }
          if (refused > 0) expect(taken).toBeGreaterThanOrEqual(600);
          // Three readers, each a share of ten and a record of forty behind.
          expect(taken).toBeLessThanOrEqual(600 + 3 * 50);
          expect(counter.additions.length).toBeLessThanOrEqual(60 + 3);
        },
      ),
      { numRuns: 300 },
    ));

  it('decides a record that comes again as before, and counts it once', async () => {
    const counter = createMemoryEventCounter();
    const { take } = createWriterAllowance(counter);
    await take(sent(1, 600));
    await take(sent(1, 600));
    await expect(take(sent(2, 1))).rejects.toMatchObject({ code: 'rate-limited' });
    await take(sent(1, 600));
    expect(counter.additions).toEqual([600]);
  });

  it('begins anew with each minute of arrival', async () => {
    const { take } = createWriterAllowance(createMemoryEventCounter());
    await take(sent(1, 600));
    await take(sent(2, 600, 1));
    await expect(take(sent(3, 1))).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('is not spent by a count that could not be told', async () => {
    let isDown = true;
    const counter = createMemoryEventCounter();
    const { take } = createWriterAllowance({
      add: (...what) => (isDown ? Promise.reject(new Error('throttled')) : counter.add(...what)),
    });
    await expect(take(sent(1, 600))).rejects.toThrow('throttled');
    isDown = false;
    await take(sent(1, 600));
    expect(counter.additions).toEqual([600]);
  });

  it('holds for each caller over HTTP', async () => {
    const counter = createMemoryEventCounter();
    const submission = (writer: string, items: number) => ({
      items: Array.from({ length: items }),
      now: morning,
      writer,
      mayWrite: () => true,
    });
    await counter.add('runway/api.mallory', morning.slice(0, 16), defaultEventsPerMinute);
    await expect(expectSubmissionAllowance(counter, submission('runway/api.mallory', 1))).rejects.toMatchObject({
      name: 'RateLimited',
    });
    await expectSubmissionAllowance(counter, submission('runway/api.ada', 1));
  });
});
