import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseRouting } from '../../../sdk/routing/parse-routing.ts';
import { createRoutingTable, type RoutingTableOptions } from '../../../sdk/routing/routing-table.ts';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const tableOf = (generation: number, percent = 20) => ({
  modelId: 'ranker',
  generation,
  changedAt: '2001-02-05T00:00:00.000Z',
  arms: [
    { version: 1, role: 'champion', weightPercent: 100 - percent },
    { version: 2, role: 'candidate', weightPercent: percent },
  ],
  shadows: [{ version: 1 }, { version: 2 }],
});

type Answer = Response | Error;

/** A CDN whose next answers a test decides, and a clock that it moves. */
function createCdn(options: Partial<RoutingTableOptions> = {}) {
  const answers: Answer[] = [];
  const asked: RequestInit[] = [];
  const problems: string[] = [];
  let now = 0;
  const read = createRoutingTable({
    url: 'https://models.example.com/',
    onProblem: (_, { message }) => problems.push(message),
    clock: () => now,
    fetch: async (url, init) => {
      expect(url).toBe('https://models.example.com/routing/ranker.json');
      asked.push(init);
      const answer = answers.shift() ?? new Error('the CDN is away');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...options,
  });
  return {
    answers,
    asked,
    problems,
    read: async () => (await read('ranker')).generation,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

function answer(table: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(table), {
    headers: { etag: '"1"', 'cache-control': 'public, max-age=5', ...headers },
  });
}

function signed(table: unknown, headers: Record<string, string> = {}): Response {
  const signature = sign('sha256', Buffer.from(JSON.stringify(table)), { key: keys.privateKey, dsaEncoding: 'der' });
  return answer(table, { 'x-amz-meta-signature': signature.toString('base64'), ...headers });
}

describe('a routing table in hand', () => {
  it('is asked for once in its time to live, however many requests need it', async () => {
    const cdn = createCdn();
    cdn.answers.push(answer(tableOf(1)), answer(tableOf(2)));
    expect(await Promise.all([cdn.read(), cdn.read(), cdn.read()])).toEqual([1, 1, 1]);
    cdn.pass(4_999);
    expect(await cdn.read()).toBe(1);
    expect(cdn.asked).toHaveLength(1);
    cdn.pass(1);
    expect(await cdn.read()).toBe(2);
  });

  it('is asked for with its ETag, and stays when nothing has changed', async () => {
    const cdn = createCdn();
    cdn.answers.push(answer(tableOf(1)), new Response(null, { status: 304 }));
    await cdn.read();
    cdn.pass(5_000);
    expect(await cdn.read()).toBe(1);
    expect(cdn.asked[1]?.headers).toEqual({ 'if-none-match': '"1"' });
    expect(cdn.problems).toEqual([]);
  });

  const bad: readonly [string, () => Answer, string][] = [
    ['no answer', () => new Error('connect ECONNREFUSED'), 'ECONNREFUSED'],
    ['a failure of the server', () => new Response('no', { status: 503 }), 'answers 503'],
    ['a table that is not there', () => new Response('no', { status: 403 }), 'answers 403'],
    ['no JSON', () => new Response('<html>'), 'not valid JSON'],
    ['another shape', () => answer({ modelId: 'ranker' }), 'of another shape'],
    ["another model's table", () => answer({ ...tableOf(2), modelId: 'other' }), 'table of other, expected ranker'],
    [
      'weights that lose requests',
      () => answer({ ...tableOf(2), arms: tableOf(2).arms.slice(1) }),
      'sum to 20, expected 100',
    ],
    ['an older generation', () => answer(tableOf(0)), 'generation 0 of ranker, expected 1 or newer'],
  ];
  it.each(bad)('is served on after %s, and asked for again only later', async (_, next, problem) => {
    const cdn = createCdn();
    cdn.answers.push(answer(tableOf(1)), next(), answer(tableOf(3)));
    await cdn.read();
    cdn.pass(5_000);
    expect(await cdn.read()).toBe(1);
    expect(await cdn.read()).toBe(1);
    expect(cdn.asked).toHaveLength(2);
    expect(cdn.problems).toEqual([expect.stringContaining(problem)]);
    cdn.pass(5_000);
    expect(await cdn.read()).toBe(3);
  });

  it('is missing only while there has never been a good one, and then asked for at once again', async () => {
    const cdn = createCdn();
    await expect(cdn.read()).rejects.toThrow('the CDN is away');
    cdn.answers.push(answer(tableOf(1)));
    expect(await cdn.read()).toBe(1);
  });

  it('has the default time to live where the answer names none', async () => {
    const cdn = createCdn({ ttlMilliseconds: 1_000 });
    cdn.answers.push(new Response(JSON.stringify(tableOf(1))), new Response(JSON.stringify(tableOf(2))));
    await cdn.read();
    cdn.pass(1_000);
    expect(await cdn.read()).toBe(2);
    expect(cdn.asked[1]?.headers).toEqual({});
  });
});

describe('a signed routing table', () => {
  const another = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });

  it('is taken when one of the keys has signed it, so that keys can be rotated', async () => {
    const cdn = createCdn({ publicKeys: [another.toString(), publicKey] });
    cdn.answers.push(signed(tableOf(1)));
    expect(await cdn.read()).toBe(1);
  });

  it('is taken whatever the lengths of the two numbers of its signature', async () => {
    for (let generation = 1; generation <= 200; generation += 1) {
      const cdn = createCdn({ publicKeys: [publicKey] });
      cdn.answers.push(signed(tableOf(generation)));
      expect(await cdn.read()).toBe(generation);
    }
  });

  it.each<[string, () => Response, string]>([
    ['not signed', () => answer(tableOf(2)), 'no signature'],
    [
      'changed on its way',
      () =>
        answer(tableOf(2, 99), {
          'x-amz-meta-signature': signed(tableOf(2)).headers.get('x-amz-meta-signature') ?? '',
        }),
      'of none of the keys',
    ],
    ['signed with nonsense', () => answer(tableOf(2), { 'x-amz-meta-signature': 'AAAA' }), 'of none of the keys'],
    [
      'signed with a cut signature',
      () => answer(tableOf(2), { 'x-amz-meta-signature': 'MAYCAQECAgE=' }),
      'of none of the keys',
    ],
    ['signed with no base64', () => answer(tableOf(2), { 'x-amz-meta-signature': '*' }), ''],
  ])('is not taken when it is %s', async (_, next, problem) => {
    const cdn = createCdn({ publicKeys: [publicKey] });
    cdn.answers.push(signed(tableOf(1)), next());
    await cdn.read();
    cdn.pass(5_000);
    expect(await cdn.read()).toBe(1);
    expect(cdn.problems).toEqual([expect.stringContaining(problem)]);
  });
});

describe('parseRouting', () => {
  it('gives the table as it was published', () => {
    expect(parseRouting('ranker', JSON.stringify(tableOf(3)))).toEqual(tableOf(3));
  });
});
