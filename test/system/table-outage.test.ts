import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countsOf } from '../e2e/late-basic.ts';
import { archiveMinutes, bootDrill, type Drill, ids, observed, predicted, refusal } from './drill.ts';

// The ground-truth table answers nothing for a minute, longer than the join tries: what was in flight is given up.
const during = ids('during', 3);
const after = ids('after', 3);
let drill: Drill;

const pairs = (given: readonly string[]) => given.flatMap((id) => [predicted(id), observed(id)]);

beforeAll(async () => {
  drill = await bootDrill();
  const end = drill.now() + 60_000;
  drill.breakWith((_caller, actions) =>
    drill.now() < end && actions.some(({ resource }) => resource.includes('table/Runway-dev-State-GroundTruth'))
      ? refusal('InternalServerError', 500)
      : undefined,
  );
  await drill.put(pairs(during).slice(0, 3).map(drill.recordOf));
  await drill.later(2);
  // Joined later than what was given up: the bucket's cursor moves past it.
  await drill.put([...pairs(during).slice(3), ...pairs(after)].map(drill.recordOf));
  await drill.later(archiveMinutes);
});
afterAll(() => drill?.end());

test('what could not be joined is in the failure queue, in a metric and in an alarm', async () => {
  expect(await drill.givenUp('JoinFailures')).toBeGreaterThan(0);
  expect(drill.metric('RecordsDeferred')).toBeGreaterThan(0);
  expect(await drill.alarming()).toContain('Join failures');
  expect((await countsOf(drill, 'late-basic')).predictions).toBeLessThan(during.length + after.length);
});

test('the archive has it all the same', async () => {
  expect((await drill.archived('predictions')).size).toBe(during.length + after.length);
});

test('the redrive joins it, although the cursor is beyond it, and counts nothing twice', async () => {
  const node = promisify(execFile);
  const redrive = () =>
    node(process.execPath, ['scripts/redrive.ts', '--queue', 'join', '--local', drill.cloud.apiUrl]);
  expect((await redrive()).stdout).toMatch(/^3 records of \d failures are on the stream again\n$/);
  await drill.later(1);
  const all = during.length + after.length;
  expect(await countsOf(drill, 'late-basic')).toEqual({ predictions: all, pairs: all });
  expect(await drill.givenUp('JoinFailures')).toBe(0);
  expect((await redrive()).stdout).toBe('0 records of 0 failures are on the stream again\n');
});

test('the alarm is over once the queue is empty', async () => {
  await drill.later(3);
  expect(await drill.alarming()).toEqual([]);
});
