import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogTail, readEmbeddedMetrics } from '../../../local/cloudwatch/embedded-metrics.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runway-metrics-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = JSON.stringify({
  _aws: {
    Timestamp: 1,
    CloudWatchMetrics: [
      {
        Namespace: 'Runway',
        Dimensions: [['service', 'tier']],
        Metrics: [{ Name: 'Models', Unit: 'Count' }, { Name: 'Old' }],
      },
    ],
  },
  service: 'health',
  tier: '1',
  Models: 3,
  Old: [1, 2],
});

test('measurements are read with their dimensions, lists one by one', () => {
  const metric = (name: string) => ({ namespace: 'Runway', name, dimensions: { service: 'health', tier: '1' } });
  expect(readEmbeddedMetrics([line])).toEqual([
    { metric: metric('Models'), value: 3 },
    { metric: metric('Old'), value: 1 },
    { metric: metric('Old'), value: 2 },
  ]);
});

test('other lines hold none', () => {
  const broken = [line.slice(0, -2), '{"_aws":{}}', '{"level":"INFO","message":"answered"}', 'plain', ''];
  expect(readEmbeddedMetrics(broken)).toEqual([]);
});

test('a log is followed from its end on, by whole lines', () => {
  const file = path.join(folder, 'function.log');
  appendFileSync(file, 'of an earlier run\n');
  const tail = openLogTail(file);
  expect(tail.newLines()).toEqual([]);
  appendFileSync(file, 'one\ntw');
  expect(tail.newLines()).toEqual(['one']);
  appendFileSync(file, `o\n${'x'.repeat(200_000)}\n`);
  expect(tail.newLines()).toEqual(['two', 'x'.repeat(200_000)]);
  tail.close();
  expect(tail.newLines()).toEqual([]);
});

test('a log that does not exist yet is read once it does', () => {
  const file = path.join(folder, 'later.log');
  const tail = openLogTail(file);
  expect(tail.newLines()).toEqual([]);
  appendFileSync(file, 'one\n');
  expect(tail.newLines()).toEqual(['one']);
  tail.close();
});
