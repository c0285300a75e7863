import { describe, expect, it, test } from 'vitest';
import { type AlarmState, judgeAlarm, type MissingData } from '../../../local/cloudwatch/judge-alarm.ts';

// The tables of "Configuring how CloudWatch alarms treat missing data" (CloudWatch user guide): the five newest data
// points, newest last; 0 is within the threshold, X breaches, - is missing.
const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const [OK, ALARM, NONE] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
const KEEP = 'retains its state';
type Row = readonly [points: string, ...expected: readonly string[]];

const threeOfThree: readonly Row[] = [
  ['0 - X - X', OK, OK, OK, OK],
  ['0 - - - -', OK, OK, OK, OK],
  ['- - - - -', NONE, KEEP, ALARM, OK],
  ['0 X X - X', ALARM, ALARM, ALARM, ALARM],
  ['- - X - -', ALARM, KEEP, ALARM, OK],
];
const twoOfThree: readonly Row[] = [
  ['0 - X - X', ALARM, ALARM, ALARM, ALARM],
  ['0 0 X 0 X', ALARM, ALARM, ALARM, ALARM],
  ['0 - X - -', OK, OK, ALARM, OK],
  ['- - - - 0', OK, OK, ALARM, OK],
  ['- - - X -', ALARM, KEEP, ALARM, OK],
];

function judge(points: string, missing: MissingData, datapointsToAlarm: number, current: AlarmState): AlarmState {
  const newestFirst = points
    .split(' ')
    .map((point) => (point === '-' ? undefined : point === 'X'))
    .reverse();
  return judgeAlarm(newestFirst, { evaluationPeriods: 3, datapointsToAlarm, missing }, current);
}

describe.each([
  ['3 of 3', 3, threeOfThree],
  ['2 of 3', 2, twoOfThree],
] as const)('an alarm on %s data points', (_name, datapointsToAlarm, rows) => {
  const cases = rows.flatMap(([points, ...expected]) =>
    treatments.map((missing, index) => [points, missing, expected[index] ?? ''] as const),
  );
  it.each(cases)('%s, missing is %s: %s', (points, missing, expected) => {
    for (const current of [OK, ALARM, NONE])
      expect(judge(points, missing, datapointsToAlarm, current)).toBe(expected === KEEP ? current : expected);
  });
});

test('a single new breach among missing points is too early for an alarm', () => {
  expect(judge('- - - - X', 'missing', 3, 'OK')).toBe('OK');
  expect(judge('- - - X -', 'missing', 3, 'OK')).toBe('OK');
});

test('with one period, a breach holds as long as CloudWatch looks back for a data point', () => {
  const rule = { evaluationPeriods: 1, datapointsToAlarm: 1, missing: 'notBreaching' } as const;
  expect(judgeAlarm([undefined, undefined, true], rule, 'ALARM')).toBe('ALARM');
  expect(judgeAlarm([undefined, undefined, undefined], rule, 'ALARM')).toBe('OK');
});
