import { afterAll, beforeAll, expect, test } from 'vitest';
import { countsOf } from '../e2e/late-basic.ts';
import { archiveMinutes, bootDrill, type Drill, ids, predicted, refusal } from './drill.ts';

// Nothing more can be written under raw/: as a full disk below S3 answers, and longer than the archive tries.
const first = ids('first', 3);
const second = ids('second', 3);
let drill: Drill;
let isFull = true;

beforeAll(async () => {
  drill = await bootDrill();
  drill.breakWith((_caller, actions) =>
    isFull && actions.some(({ action, resource }) => action === 's3:PutObject' && resource.includes('/raw/'))
      ? refusal('InternalError', 500)
      : undefined,
  );
  await drill.put(first.map(predicted).map(drill.recordOf));
  await drill.later(archiveMinutes);
});
afterAll(() => drill?.end());

test('the archive waits, says so, and the join does not', async () => {
  expect(await drill.archived('predictions')).toEqual(new Map());
  expect(drill.metric('RecordsDeferred')).toBeGreaterThan(0);
  expect(await countsOf(drill, 'late-basic')).toEqual({ predictions: 3, pairs: 0 });
});

test('what lasts too long is given up into the failure queue, with an alarm', async () => {
  await drill.later(180);
  expect(await drill.givenUp('ArchiveFailures')).toBeGreaterThan(0);
  expect(await drill.alarming()).toContain('Archive failures');
});

test('with room again the archive goes on, and the redrive brings what is missing', async () => {
  isFull = false;
  await drill.put(second.map(predicted).map(drill.recordOf));
  await drill.later(archiveMinutes);
  expect([...(await drill.archived('predictions')).keys()].toSorted()).toEqual(second.toSorted());
  expect(await drill.redrive('ArchiveFailuresQueueUrl')).toMatchObject({ records: 3, left: [] });
  await drill.later(archiveMinutes);
  expect([...(await drill.archived('predictions')).keys()].toSorted()).toEqual([...first, ...second].toSorted());
  expect(await countsOf(drill, 'late-basic')).toEqual({ predictions: 6, pairs: 0 });
});
