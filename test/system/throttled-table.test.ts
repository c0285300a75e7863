import { afterAll, beforeAll, expect, test } from 'vitest';
import { countsOf } from '../e2e/late-basic.ts';
import { bootDrill, type Drill, ids, observed, predicted, refusal } from './drill.ts';

// Writes to the ground-truth table are refused for a while, as DynamoDB does with a hot partition.
const count = 100;
let drill: Drill;
/** More than one invocation's own retries, fewer than those of the mapping. */
const refusals = 8;
let left = 0;

beforeAll(async () => {
  drill = await bootDrill();
  drill.breakWith((_caller, actions) => {
    const isWrite = actions.some(
      ({ action, resource }) => action === 'dynamodb:PutItem' && resource.includes('GroundTruth'),
    );
    if (!isWrite || left === 0) return undefined;
    left -= 1;
    return refusal(left % 2 === 0 ? 'ThrottlingException' : 'ProvisionedThroughputExceededException');
  });
  for (const batch of [ids('first', count), ids('second', count)]) {
    left = refusals;
    await drill.put(batch.flatMap((id) => [predicted(id), observed(id)].map(drill.recordOf)));
    await drill.later(1);
  }
});
afterAll(() => drill?.end());

test('everything is joined, once', async () => {
  expect(left).toBe(0);
  expect(await countsOf(drill, 'late-basic')).toEqual({ predictions: 2 * count, pairs: 2 * count });
});

test('what had to come again shows in a metric, and no batch was given up', async () => {
  expect(drill.metric('RecordsDeferred')).toBeGreaterThan(0);
  expect(await drill.givenUp('JoinFailures')).toBe(0);
});
