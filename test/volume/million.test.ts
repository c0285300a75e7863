import { Console } from 'node:console';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { synthesize } from '../infra/synthesize.ts';
import { processesOf } from '../kill/cloud-process.ts';
import { createSession, request } from '../kill/session.ts';
import type { Customer, PredictionEvent } from '../mutation/customer.ts';
import { definitionOf, versionOf } from '../mutation/model-life.ts';
import { chunkSize, outcomesOf, predictionsOf, truthOf } from './traffic.ts';

// A million predictions and their outcomes, some over HTTP, most over the stream, the cloud killed twice in between.
const total = Number(process.env.VOLUME_PREDICTIONS ?? 1_000_000);
const chunks = Math.ceil(total / chunkSize);
/** Outcomes come so many chunks after their predictions; a chunk is a minute of the cloud's time. */
const lag = 11;
/** One chunk in so many goes over HTTP. */
const httpEvery = 10;
const buckets = 16;
const killsAt = [Math.floor(chunks / 3), Math.floor((2 * chunks) / 3)];
const start = Date.parse('2001-01-22T00:00:00.000Z');
const traffic = { modelId: 'volume', start };
const report = new Console(process.stdout);

const { directory } = synthesize([]);
const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-volume-'));
const session = createSession(directory, dataDir, new Date(start).toISOString());
afterAll(async () => {
  await session.stop();
  for (const folder of [directory, dataDir]) rmSync(folder, { recursive: true, force: true });
});

async function setUp(customer: Customer): Promise<string> {
  const model = `/v1/models/${traffic.modelId}`;
  await request(
    customer,
    'POST',
    '/v1/models',
    { ...definitionOf(traffic.modelId), buckets },
    { fine: ['model-exists'] },
  );
  await request(customer, 'POST', `${model}/versions`, await versionOf(customer, traffic.modelId, 'first', start));
  await request(customer, 'POST', `${model}/versions/1/deployment`, {});
  const { key } = await request(customer, 'POST', '/v1/writers', {
    writer: 'flights/tests',
    scopes: ['predictions', 'outcomes'],
  });
  return String(key);
}

/** Resolves when the cloud has taken every one of them. */
async function deliver(events: readonly PredictionEvent[], key: string, id: string, overHttp: boolean): Promise<void> {
  if (!overHttp) return session.insist((customer) => customer.stream(traffic.modelId, key, events, buckets));
  const kind = events[0]?.kind ?? 'prediction';
  const records = events.map(({ record }) => record);
  // A gateway takes at most 10 MB, a function 6 MB.
  for (let from = 0; from < records.length; from += 5_000) {
    const body = { [`${kind}s`]: records.slice(from, from + 5_000) };
    const options = { key: `${id}-${from}`, fine: ['all-rejected'] };
    const answer = await session.insist((customer) => request(customer, 'POST', `/v1/${kind}s`, body, options));
    const rejected = (answer.rejected ?? answer.errors) as readonly { readonly code: string }[];
    expect(rejected.filter(({ code }) => code !== 'duplicate-outcome')).toEqual([]);
  }
}

async function advance(minutes: number): Promise<void> {
  const advanceTo = new Date(start + minutes * 60_000).toISOString();
  await session.insist((customer) => request(customer, 'POST', '/_local/clock', { advanceTo }));
}

test(`${total} predictions and their outcomes are counted once each`, async () => {
  const key = await session.insist(setUp);
  const startedAt = performance.now();
  let sent = 0;
  for (let chunk = 0; chunk < chunks + lag; chunk += 1) {
    const killing = killsAt.includes(chunk) ? delay(150).then(session.kill) : undefined;
    await advance(chunk + 1);
    const deliveries = [
      ...(chunk < chunks ? [predictionsOf(traffic, chunk)] : []),
      ...(chunk >= lag ? [outcomesOf(traffic, chunk - lag)] : []),
    ];
    for (const events of deliveries) {
      await deliver(events, key, `${events[0]?.kind}-${chunk}`, chunk % httpEvery === 0);
      sent += events.length;
    }
    await killing;
  }
  await advance(chunks + lag + 5);
  const seconds = (performance.now() - startedAt) / 1_000;

  const to = new Date(start + (Math.ceil((chunks + 1) / 60) + 1) * 3_600_000).toISOString();
  const query = `version=1&bucket=all&from=${new Date(start).toISOString()}&to=${to}`;
  const { points } = await session.insist((customer) =>
    customer.succeed('GET', `/v1/models/${traffic.modelId}/performance?${query}`),
  );
  const [point] = points as { predictions: number; n: number; metrics: Record<string, number> }[];
  const { kills, resent } = session.counts();
  const rate = Math.round(sent / seconds).toLocaleString('en');
  report.log(
    `${sent} events in ${seconds.toFixed(0)} s, ${rate} a second; ${kills} kills, ${resent} requests sent again`,
  );
  const expected = truthOf(chunks * chunkSize);
  expect({ predictions: point?.predictions, pairs: point?.n }).toEqual({
    predictions: expected.predictions,
    pairs: expected.pairs,
  });
  for (const metric of ['baseRate', 'meanScore', 'brier'] as const)
    expect(point?.metrics[metric]).toBeCloseTo(expected[metric], 9);
  expect(kills).toBe(2);
  await session.stop();
  expect(processesOf(dataDir)).toEqual([]);
});
