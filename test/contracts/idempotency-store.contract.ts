import { expect, it } from 'vitest';
import type { IdempotencyStore, IdempotentRequest } from '../../shared/ports/idempotency-store.ts';

const answer = { status: 201, headers: { etag: '"1"' }, body: '{"modelId":"late-basic"}' };

function request(key: string, change: Partial<IdempotentRequest> = {}): IdempotentRequest {
  return { key, requestHash: 'a', now: '2001-01-22T06:00:00.000Z', ...change };
}

/** What every idempotency store does; each test uses keys of its own. */
export function idempotencyStoreContract(store: () => IdempotencyStore): void {
  it('answers a repeated request with the first answer for a day', async () => {
    expect(await store().begin(request('day'))).toBeUndefined();
    await store().complete(request('day'), answer);
    expect(await store().begin(request('day', { now: '2001-01-23T05:59:59.000Z' }))).toEqual(answer);
    expect(await store().begin(request('day', { now: '2001-01-23T06:00:00.000Z' }))).toBeUndefined();
  });

  it('refuses another request under the same key, ended or not', async () => {
    await store().begin(request('other'));
    await expect(store().begin(request('other', { requestHash: 'b' }))).rejects.toMatchObject({
      name: 'IdempotencyKeyReused',
    });
    await store().complete(request('other'), answer);
    await expect(store().begin(request('other', { requestHash: 'b' }))).rejects.toMatchObject({
      name: 'IdempotencyKeyReused',
    });
  });

  it('lets nobody else begin while the lease of a minute lasts, and then one', async () => {
    await store().begin(request('lease'));
    await expect(store().begin(request('lease', { now: '2001-01-22T06:00:59.999Z' }))).rejects.toMatchObject({
      name: 'IdempotencyInProgress',
    });
    const later = request('lease', { now: '2001-01-22T06:01:00.000Z' });
    expect(await store().begin(later)).toBeUndefined();
    await expect(store().begin(later)).rejects.toMatchObject({ name: 'IdempotencyInProgress' });
  });

  it('lets one of many concurrent requests begin', async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => store().begin(request('race'))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('ignores the answer and the release of a call that lost its lease', async () => {
    await store().begin(request('lost'));
    const later = request('lost', { now: '2001-01-22T06:02:00.000Z' });
    await store().begin(later);
    await store().complete(request('lost'), { ...answer, status: 500 });
    await store().release(request('lost'));
    await expect(store().begin(later)).rejects.toMatchObject({ name: 'IdempotencyInProgress' });
    await store().complete(later, answer);
    expect(await store().begin(later)).toEqual(answer);
  });

  it('frees the key after a failure, but never an answer', async () => {
    await store().begin(request('free'));
    await store().release(request('free'));
    expect(await store().begin(request('free', { requestHash: 'b' }))).toBeUndefined();
    await store().complete(request('free', { requestHash: 'b' }), answer);
    await store().release(request('free', { requestHash: 'b' }));
    expect(await store().begin(request('free', { requestHash: 'b' }))).toEqual(answer);
  });
}
