import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Measure } from '../../../local/cloudwatch/cloudwatch.ts';
import { measureApi, measureFunctions, putCounter, queueGauges } from '../../../local/cloudwatch/service-metrics.ts';
import type { HttpRequest } from '../../../local/http/server.ts';

const now = Date.parse('2001-01-22T00:10:00Z');
let folder: string;
let measured: string[];
const measure: Measure = ({ name, dimensions }, value, at) => {
  const steady = /Duration|Latency/.test(name) ? 'some' : value;
  measured.push(
    [name, ...Object.values(dimensions), steady, ...(at === undefined ? [] : [(at - now) / 60_000])].join(' '),
  );
};
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runway-service-metrics-'));
  measured = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function functions(ok: boolean) {
  const inner = {
    async invoke() {
      appendFileSync(path.join(folder, 'join.log'), `${JSON.stringify(line)}\n`);
      return ok ? { ok, payload: {} } : ({ ok, errorType: 'Error', errorMessage: '' } as const);
    },
  };
  return measureFunctions(inner, { measure, clock: { now: () => now }, logDirectory: folder });
}
const line = {
  _aws: { CloudWatchMetrics: [{ Namespace: 'Runway', Dimensions: [['service']], Metrics: [{ Name: 'Rejected' }] }] },
  service: 'join',
  Rejected: 2,
};

test('a call is measured as Lambda does, and what the function wrote while it ran is taken in', async () => {
  const watched = functions(true);
  await watched.invoke('arn:aws:lambda:us-east-1:000000000000:function:join:live', {});
  watched.stop();
  expect(measured).toEqual([
    'Invocations join 1',
    'Errors join 0',
    'Throttles join 0',
    'Duration join some',
    'Rejected join 2',
  ]);
});

test('a failed call is an error', async () => {
  const watched = functions(false);
  await watched.invoke('join', {});
  watched.stop();
  expect(measured).toContain('Errors join 1');
});

test.each([
  ['Kinesis', { kinesis: { approximateArrivalTimestamp: now / 1_000 - 720 } }],
  ['DynamoDB', { dynamodb: { ApproximateCreationDateTime: now / 1_000 - 720 } }],
])('the age of the last record of a batch from %s is its lag', async (_source, record) => {
  const watched = functions(true);
  await watched.invoke('join', { Records: [{}, record] });
  watched.stop();
  expect(measured).toContain('IteratorAge join 720000');
});

test('an answer of the API is counted by its status, one that never came as 5xx', async () => {
  const answer = (status: number) => measureApi(async () => ({ status }), 'api', measure)({} as HttpRequest);
  await answer(200);
  await answer(404);
  const failing = measureApi(() => Promise.reject(new Error('broken')), 'api', measure);
  await expect(failing({} as HttpRequest)).rejects.toThrow('broken');
  const counts = ['Count api 1', '4xx api 0', '5xx api 0', 'Latency api some'];
  const refused = ['Count api 1', '4xx api 1', '5xx api 0', 'Latency api some'];
  expect(measured).toEqual([...counts, ...refused, 'Count api 1', '4xx api 0', '5xx api 1', 'Latency api some']);
});

test('a queue is read off at the end of each minute, and once more when it has become empty', () => {
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:decisions';
  let isEmpty = false;
  const read = queueGauges(() => (isEmpty ? [] : [{ queueArn, visible: 2, oldestSentAt: now - 60_000 }]));
  read([now, now + 60_000], measure);
  isEmpty = true;
  read([now + 120_000, now + 180_000], measure);
  const [visible, age] = ['ApproximateNumberOfMessagesVisible decisions', 'ApproximateAgeOfOldestMessage decisions'];
  expect(measured).toEqual([
    `${visible} 2 0`,
    `${age} 120 0`,
    `${visible} 2 1`,
    `${age} 180 1`,
    `${visible} 0 2`,
    `${age} 0 2`,
  ]);
});

test('requests to put records are counted since the last look', () => {
  let puts = 3;
  const count = putCounter(() => puts, 'events', measure);
  count();
  puts = 5;
  count();
  count();
  expect(measured).toEqual(['IncomingRecords events 2']);
});
