import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type SettableClock } from '../../../local/clock.ts';
import { type CloudWatch, createCloudWatch } from '../../../local/cloudwatch/cloudwatch.ts';
import { type Journal, openJournal } from '../../../local/journal.ts';
import { createSns, type Sns } from '../../../local/services/sns.ts';
import type { ResolvedResource } from '../../../local/types.ts';

const start = Date.parse('2001-01-22T00:00:00Z');
const minute = 60_000;
const topicArn = 'arn:aws:sns:us-east-1:000000000000:alarms';
const resource = (type: string, name: string, properties: Record<string, unknown>): ResolvedResource => ({
  logicalId: name,
  type,
  physicalName: name,
  arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`,
  properties,
});

const late = { Namespace: 'Runway', MetricName: 'Late', Dimensions: [{ Name: 'service', Value: 'health' }] };
function alarm(name: string, change: Record<string, unknown> = {}): ResolvedResource {
  return resource('AWS::CloudWatch::Alarm', name, {
    ...late,
    AlarmDescription: name,
    Statistic: 'Maximum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 2,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [topicArn],
    OKActions: [topicArn],
    ...change,
  });
}

let folder: string;
let journal: Journal;
let clock: SettableClock;
let sns: Sns;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runway-cloudwatch-'));
  open();
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): void {
  journal = openJournal(path.join(folder, 'journal.db'));
  clock = createClock(journal, { mode: 'virtual', start });
  const subscription = { TopicArn: topicArn, Protocol: 'email', Endpoint: 'ada@example.com' };
  sns = createSns({
    journal,
    clock,
    topics: [{ ...resource('AWS::SNS::Topic', 'alarms', {}), arn: topicArn }],
    subscriptions: [resource('AWS::SNS::Subscription', 'mail', subscription)],
    inboxDirectory: path.join(folder, 'inbox'),
  });
}

function watch(alarms: readonly ResolvedResource[], composites: readonly ResolvedResource[] = []): CloudWatch {
  return createCloudWatch({ journal, clock, alarms, composites, publish: sns.publish, log: () => undefined });
}
const metric = { namespace: 'Runway', name: 'Late', dimensions: { service: 'health' } };
const stateOf = (cloudwatch: CloudWatch, name: string) =>
  cloudwatch.status().alarms.find((standing) => standing.name === name)?.state;
async function at(cloudwatch: CloudWatch, minutes: number): Promise<void> {
  clock.set(start + minutes * minute);
  await cloudwatch.pump();
}
const historyOf = (cloudwatch: CloudWatch) =>
  cloudwatch.status().history.map(({ at: time, description, to }) => `${time.slice(11, 16)} ${description} ${to}`);

describe('an alarm', () => {
  it('goes off at the end of the minute with the breach, and back when no period it looks at holds it', async () => {
    const cloudwatch = watch([alarm('a')]);
    await at(cloudwatch, 10);
    cloudwatch.record(metric, 3);
    await at(cloudwatch, 60);
    expect(historyOf(cloudwatch)).toEqual(['00:05 a OK', '00:11 a ALARM', '00:26 a OK']);
  });

  it('comes to the same history however time jumps', async () => {
    const histories = [];
    for (const step of [1, 7, 50]) {
      journal.close();
      rmSync(folder, { recursive: true });
      folder = mkdtempSync(path.join(tmpdir(), 'runway-cloudwatch-'));
      open();
      const cloudwatch = watch([alarm('a', { EvaluationPeriods: 2 }), alarm('b', { TreatMissingData: 'breaching' })]);
      for (const [time, value] of [
        [50, 3],
        [100, 3],
        [150, 1],
      ] as const) {
        for (let now = time - 50 + step; now < time; now += step) await at(cloudwatch, now);
        await at(cloudwatch, time);
        cloudwatch.record(metric, value);
      }
      await at(cloudwatch, 400);
      histories.push(historyOf(cloudwatch));
    }
    expect(histories[0]?.length).toBe(4);
    expect(histories[1]).toEqual(histories[0]);
    expect(histories[2]).toEqual(histories[0]);
  });

  it('takes the absence of data for a fault where it is told to', async () => {
    const cloudwatch = watch([alarm('a', { TreatMissingData: 'breaching', EvaluationPeriods: 2 })]);
    await at(cloudwatch, 5);
    cloudwatch.record(metric, 1);
    await at(cloudwatch, 60);
    expect(stateOf(cloudwatch, 'a')).toBe('ALARM');
  });

  it('tells its topic, and the topic its subscribers, of every change but the first that all is well', async () => {
    const cloudwatch = watch([alarm('a')]);
    await at(cloudwatch, 10);
    cloudwatch.record(metric, 3);
    await at(cloudwatch, 60);
    const changes = sns.messages(10).map(({ message }) => JSON.parse(message) as Record<string, string>);
    expect(changes).toMatchObject([
      { AlarmName: 'a', NewStateValue: 'ALARM', OldStateValue: 'OK', StateChangeTime: '2001-01-22T00:11:00.000Z' },
      { AlarmName: 'a', NewStateValue: 'OK', OldStateValue: 'ALARM' },
    ]);
    const mails = readFileSync(path.join(folder, 'inbox', 'ada@example.com.txt'), 'utf8');
    expect(mails.match(/^Subject: .*$/gm)).toEqual(['Subject: ALARM: "a"', 'Subject: OK: "a"']);
  });

  it('keeps state, history and data over a restart', async () => {
    const resources = [alarm('a', { Period: 3_600 })];
    const before = watch(resources);
    await at(before, 10);
    before.record(metric, 3);
    await at(before, 20);
    before.stop();
    journal.close();
    open();
    const after = watch(resources);
    expect(stateOf(after, 'a')).toBe('ALARM');
    await at(after, 60);
    expect(stateOf(after, 'a')).toBe('ALARM');
    await at(after, 400);
    expect(historyOf(after)).toEqual(['00:11 a ALARM', '03:11 a OK']);
  });

  it('judges percentiles, sums and counts of its period', async () => {
    const cloudwatch = watch([
      alarm('p90', { Statistic: undefined, ExtendedStatistic: 'p90', Threshold: 9 }),
      alarm('p99', { Statistic: undefined, ExtendedStatistic: 'p99', Threshold: 10.5 }),
      alarm('sum', { Statistic: 'Sum', Threshold: 55 }),
      alarm('count', { Statistic: 'SampleCount', Threshold: 11 }),
      alarm('average', { Statistic: 'Average', Threshold: 5.5 }),
      alarm('minimum', { Statistic: 'Minimum', Threshold: 2 }),
    ]);
    for (let value = 1; value <= 10; value++) cloudwatch.record(metric, value);
    await at(cloudwatch, 1);
    const alarming = cloudwatch.status().alarms.filter(({ state }) => state === 'ALARM');
    expect(alarming.map(({ name }) => name)).toEqual(['p90', 'sum', 'average']);
  });

  it('keeps dimensions apart', async () => {
    const cloudwatch = watch([alarm('a')]);
    cloudwatch.record({ ...metric, dimensions: { service: 'health', tier: '1' } }, 3);
    await at(cloudwatch, 10);
    expect(stateOf(cloudwatch, 'a')).toBe('OK');
  });
});

describe('an alarm that cannot be evaluated here', () => {
  const math = (Expression: string) => ({
    Namespace: undefined,
    MetricName: undefined,
    Metrics: [
      { Id: 'e', Expression },
      { Id: 'm', MetricStat: { Metric: late, Period: 300, Stat: 'Sum' }, ReturnData: false },
    ],
  });

  it.each([
    ['on a metric of AWS that is not measured', { Namespace: 'AWS/Neptune' }, 'not measured here: AWS/Neptune Late'],
    ['with mathematics beyond it', math('RATE(m)'), 'RATE with 1 parameters is not emulated'],
    ['with a statistic beyond it', { Statistic: 'tm90' }, 'statistic tm90 is not emulated'],
  ])('%s says so', async (_what, change, reason) => {
    const cloudwatch = watch([alarm('a', change)]);
    cloudwatch.record(metric, 3);
    await at(cloudwatch, 60);
    expect(cloudwatch.status().alarms).toMatchObject([{ state: 'CANNOT_EVALUATE', reason }]);
    expect(cloudwatch.status().history).toEqual([]);
  });
});

describe('a composite alarm', () => {
  const both = resource('AWS::CloudWatch::CompositeAlarm', 'both', {
    AlarmDescription: 'both',
    AlarmRule: '(ALARM("long") AND ALARM("arn:aws:cloudwatch:us-east-1:000000000000:alarm:short"))',
    AlarmActions: [topicArn],
    OKActions: [topicArn],
  });
  const silent = { AlarmActions: [], OKActions: [] };

  it('goes off while all its parts do, and alone tells anybody', async () => {
    const cloudwatch = watch(
      [alarm('long', { ...silent, Period: 3_600 }), alarm('short', { ...silent, Period: 60 })],
      [both],
    );
    await at(cloudwatch, 100);
    cloudwatch.record(metric, 3);
    await at(cloudwatch, 600);
    expect(historyOf(cloudwatch).filter((line) => line.includes('both'))).toEqual([
      '00:01 both OK',
      '01:41 both ALARM',
      '01:44 both OK',
    ]);
    expect(sns.messages(10).map(({ subject }) => subject)).toEqual(['ALARM: "both"', 'OK: "both"']);
  });

  it('refuses a rule that it does not understand', () => {
    const odd = resource('AWS::CloudWatch::CompositeAlarm', 'odd', { AlarmRule: 'AT_LEAST(2, ALARM, "a")' });
    expect(() => watch([], [odd])).toThrow(/odd: AlarmRule: .*AT_LEAST.* is not emulated/);
  });
});
