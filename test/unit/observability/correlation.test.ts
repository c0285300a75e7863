import { describe, expect, it } from 'vitest';
import { sealCommit } from '../../../shared/adapters/seal-commits.ts';
import { currentCorrelationId, withCorrelation } from '../../../shared/observability/correlation.ts';
import { hintCorrelation } from '../../../shared/runtime/hint-correlation.ts';
import { oneByOne, type SqsArrival, streamHandler } from '../../../shared/runtime/stream-handler.ts';

describe('a correlation id', () => {
  it('is that of the work under way, however the work interleaves', async () => {
    const turn = async (id: string) =>
      withCorrelation(id, async () => {
        await Promise.resolve();
        return currentCorrelationId();
      });
    expect(await Promise.all([turn('req-1'), turn('req-2')])).toEqual(['req-1', 'req-2']);
    expect(currentCorrelationId()).toBeUndefined();
  });

  it('is safe to log, whatever it is made from', () => {
    expect(withCorrelation('retrain#a b\n{}', currentCorrelationId)).toBe('retrain-a-b---');
    expect(withCorrelation('x'.repeat(200), currentCorrelationId)).toHaveLength(128);
  });

  it('changes no hash of a commit that has none', () => {
    const commit = {
      streamId: 'model#late-basic',
      expectedVersion: 0,
      events: [{ type: 'Happened', schemaVersion: 1 }],
      state: {},
      lists: [],
      actor: { id: 'ada', kind: 'person', roles: ['editor:flights'], teams: ['flights'] },
      reason: 'test',
      occurredAt: '2001-01-22T06:00:00.000Z',
    } as const;
    // As it was before commits bore one.
    expect(sealCommit(commit, '0'.repeat(64)).hash).toBe(
      'ff77da36c0d1c6734351479b9bdd4571acbf26ea6f785599e578c185f362868d',
    );
  });
});

describe('a queue of hints', () => {
  const body = (correlationId?: string) => JSON.stringify({ detail: { correlationId, event: {} } });
  const Records = [body('eval-1'), body('eval-2'), body()].map((text, n) => ({
    messageId: `m${n}`,
    body: text,
    attributes: { SentTimestamp: '980143200000' },
  }));

  it('is worked through under the cause of each message, or the message itself', async () => {
    const seen: (string | undefined)[] = [];
    const handler = streamHandler<'sqs', SqsArrival>({
      source: 'sqs',
      correlationOf: hintCorrelation,
      decode: (arrival) => arrival,
      handle: oneByOne<'sqs', SqsArrival>('anyOrder', async () => void seen.push(currentCorrelationId())),
    });
    await handler({ Records } as unknown as Parameters<typeof handler>[0]);
    expect(seen).toEqual(['eval-1', 'eval-2', 'sqs:m2']);
  });

  it('takes no id from what is no event', () => {
    const arrival = { id: 'm1', now: '2001-01-22T06:00:00.000Z' };
    expect(hintCorrelation({ ...arrival, data: 'not json' })).toBeUndefined();
    expect(hintCorrelation({ ...arrival, data: '{"detail":7}' })).toBeUndefined();
  });
});
