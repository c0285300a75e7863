import { describe, expect, it } from 'vitest';
import { createRunwayClient, everyItem, RunwayApiError, unwrap } from '../../../sdk/client.ts';

type Reply = () => Response;

/** A client whose requests are kept and answered in order; the last reply answers whatever follows. */
function clientAnswering(...replies: readonly Reply[]) {
  const requests: Request[] = [];
  const client = createRunwayClient({
    baseUrl: 'http://runway.test',
    token: () => 'secret',
    retry: { attempts: 3, firstDelayMilliseconds: 0 },
    fetch: async (request) => {
      requests.push(request);
      return (replies[requests.length - 1] ?? replies.at(-1)!)();
    },
  });
  return { client, requests };
}

const json = (status: number, body: object) => () => Response.json(body, { status });
const problem = (status: number, code: string) =>
  json(status, {
    type: `urn:runway:problem:${code}`,
    title: 'No such thing',
    detail: 'model x',
    status,
    correlationId: 'c1',
  });
const broken = () => {
  throw new TypeError('fetch failed');
};
const page = json(200, { items: [], total: 0 });
const register = (client: ReturnType<typeof clientAnswering>['client']) =>
  unwrap(
    client.POST('/v1/models/{modelId}/retrains', { params: { path: { modelId: 'm' } }, body: { reason: 'because' } }),
  );

describe('the client', () => {
  it('sends the token with each request', async () => {
    const { client, requests } = clientAnswering(page);
    await unwrap(client.GET('/v1/models', {}));
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer secret');
    expect(requests[0]?.url).toBe('http://runway.test/v1/models');
  });

  it('repeats a POST under the same idempotency key after a broken connection and a 503', async () => {
    const { client, requests } = clientAnswering(
      broken,
      problem(503, 'dependency-unavailable'),
      json(202, { runId: 'r' }),
    );
    await register(client);
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps the key that the caller gives', async () => {
    const { client, requests } = clientAnswering(json(202, { runId: 'r' }));
    await client.POST('/v1/models/{modelId}/retrains', {
      params: { path: { modelId: 'm' }, header: { 'Idempotency-Key': 'mine' } },
      body: { reason: 'because' },
    });
    expect(requests[0]?.headers.get('idempotency-key')).toBe('mine');
  });

  it('repeats a conflict with another writer, but no other conflict', async () => {
    const lost = clientAnswering(problem(409, 'version-conflict'), json(202, { runId: 'r' }));
    await register(lost.client);
    expect(lost.requests).toHaveLength(2);
    const illegal = clientAnswering(problem(409, 'illegal-transition'));
    await expect(register(illegal.client)).rejects.toMatchObject({ status: 409 });
    expect(illegal.requests).toHaveLength(1);
  });

  it('gives up after the last attempt with what was answered then', async () => {
    const { client, requests } = clientAnswering(json(500, {}));
    await expect(register(client)).rejects.toMatchObject({ status: 500 });
    expect(requests).toHaveLength(3);
    await expect(register(clientAnswering(broken).client)).rejects.toThrow('fetch failed');
  });
});

describe('unwrap', () => {
  it('throws the problem document', async () => {
    const { client } = clientAnswering(problem(404, 'unknown-model'));
    const failure = await unwrap(client.GET('/v1/models', {})).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RunwayApiError);
    expect(failure).toMatchObject({ status: 404, problem: { correlationId: 'c1' } });
    expect(String(failure)).toContain('No such thing; model x');
  });

  it('has no problem for an answer that is no problem document', async () => {
    const { client } = clientAnswering(json(401, { message: 'Unauthorized' }));
    await expect(unwrap(client.GET('/v1/models', {}))).rejects.toMatchObject({ status: 401, problem: undefined });
  });
});

describe('everyItem', () => {
  it('reads the pages in order, and the next one only when it is reached', async () => {
    const asked: (string | undefined)[] = [];
    const items = everyItem(async (cursor) => {
      asked.push(cursor);
      return cursor === undefined ? { items: [1, 2], cursor: 'next' } : { items: [3] };
    });
    expect((await items.next()).value).toBe(1);
    expect(asked).toEqual([undefined]);
    const rest: number[] = [];
    for await (const item of items) rest.push(item);
    expect(rest).toEqual([2, 3]);
    expect(asked).toEqual([undefined, 'next']);
  });
});
