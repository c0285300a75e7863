import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RuntimeApi, startRuntimeApi } from '../../../local/lambda/runtime-api.ts';

const told: unknown[] = [];
let api: RuntimeApi;
beforeEach(async () => {
  told.length = 0;
  api = await startRuntimeApi({
    onTaken: () => undefined,
    onInitError: (result) => void told.push(result),
    onAnswer: (requestId, result) => void told.push([requestId, result]),
  });
});
afterEach(() => api.close());

const ask = (path: string, init?: RequestInit) => fetch(`http://${api.address}${path}`, init);
const runtime = '/2018-06-01/runtime';

it('answers 404 to what no runtime asks, and tells nobody', async () => {
  expect((await ask('/_local/status')).status).toBe(404);
  expect((await ask('/', { method: 'POST', body: '{}' })).status).toBe(404);
  expect(told).toEqual([]);
});

it('answers 400 to an answer that is not JSON, and takes the next one', async () => {
  expect((await ask(`${runtime}/invocation/r1/error`, { method: 'POST', body: '' })).status).toBe(400);
  expect((await ask(`${runtime}/invocation/r1/response`, { method: 'POST', body: '{"a":1}' })).status).toBe(202);
  expect(told).toEqual([['r1', { ok: true, payload: { a: 1 } }]]);
});
