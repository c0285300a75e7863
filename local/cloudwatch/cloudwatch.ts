import type { Journal } from '../journal.ts';
import type { Clock, ResolvedResource, WorkSource } from '../types.ts';
import { createAlarmJournal, type Kept, type Transition } from './alarm-journal.ts';
import { type AlarmActions, type MetricAlarm, readAlarm, watchedMetrics } from './alarm-settings.ts';
import { type CompositeAlarm, readCompositeAlarm } from './composite-alarm.ts';
import { type AlarmState, evaluationRange, judgeAlarm } from './judge-alarm.ts';
import { createMetricStore, type MetricId, metricKey, minuteMilliseconds } from './metric-store.ts';

export type CloudWatchOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  /** `AWS::CloudWatch::Alarm` resources. */
  readonly alarms: readonly ResolvedResource[];
  /** `AWS::CloudWatch::CompositeAlarm` resources. */
  readonly composites: readonly ResolvedResource[];
  readonly publish: (topicArn: string, subject: string, message: string) => void;
  /** Measures, just before alarms look, what has to be read off: at the end of each of these minutes. */
  readonly readGauges?: (minutes: readonly number[], record: Measure) => void;
  readonly log: (message: string) => void;
};

export type Measure = (metric: MetricId, value: number, at?: number) => void;

export interface CloudWatch extends WorkSource {
  /** Takes in one measurement, as of now unless `at` (virtual milliseconds) says otherwise. */
  readonly record: Measure;
  /** For a person who looks. */
  status(): AlarmStatus;
  stop(): void;
}

export type AlarmStatus = {
  readonly alarms: readonly {
    readonly name: string;
    readonly description: string;
    readonly state: AlarmState | 'CANNOT_EVALUATE';
    readonly since: string;
    readonly reason: string;
  }[];
  /** Changes of state, oldest first. */
  readonly history: readonly {
    readonly at: string;
    readonly description: string;
    readonly from: string;
    readonly to: string;
  }[];
};

type Standing = { kept: Kept };
/** Nothing changes for the alarm before `nextTurn`. */
type Evaluated = Standing & { readonly alarm: MetricAlarm; nextTurn: number };
type Combined = Standing & { readonly alarm: CompositeAlarm };

/** Measurements are written down at most this often, in real time. */
const saveIntervalMilliseconds = 60_000;

/**
 * CloudWatch's metrics and alarms on the embedded cloud's clock. An alarm is evaluated at the end of each virtual minute,
 * over periods that end there. Nothing is measured while time jumps, so the minutes in between are caught up with after
 * the jump, and of those only the ones at which a data point enters, leaves or changes its period: no alarm ever makes
 * time stop. Unlike in AWS a new alarm is first evaluated when all its periods lie behind its creation, or when data comes.
 */
export function createCloudWatch(options: CloudWatchOptions): CloudWatch {
  const { clock, publish, log } = options;
  const journal = createAlarmJournal(options.journal);
  const endOfMinute = () => Math.floor(clock.now() / minuteMilliseconds) * minuteMilliseconds;
  const open = <A extends { readonly name: string }>(alarm: A) => ({
    alarm,
    kept: journal.open(alarm.name, endOfMinute()),
  });
  const metricAlarms: readonly Evaluated[] = options.alarms.map((resource) => ({
    ...open(readAlarm(resource)),
    nextTurn: 0,
  }));
  const composites: readonly Combined[] = options.composites.map((resource) => open(readCompositeAlarm(resource)));
  const store = createMetricStore(options.journal, watchedMetrics(metricAlarms.map(({ alarm }) => alarm)));
  const byArn = new Map([...metricAlarms, ...composites].map((standing) => [standing.alarm.arn, standing]));
  const byName = new Map([...metricAlarms, ...composites].map((standing) => [standing.alarm.name, standing]));
  const watchers = new Map<string, Evaluated[]>();
  for (const standing of metricAlarms) {
    for (const { key } of standing.alarm.series) watchers.set(key, [...(watchers.get(key) ?? []), standing]);
  }
  let evaluatedTo = journal.evaluatedTo() || endOfMinute();
  let savedAt = performance.now();

  function move(standing: Evaluated | Combined, at: number, to: AlarmState, reason: string): Transition | undefined {
    const from = standing.kept.state;
    if (from === to) return undefined;
    const { name, description, actions } = standing.alarm;
    const transition = { name, at, from, to, reason };
    journal.move(transition);
    standing.kept = { ...standing.kept, state: to, since: at, reason };
    // The first verdict that all is well is no news.
    if (!(from === 'INSUFFICIENT_DATA' && to === 'OK')) tell(transition, description, standing.alarm.arn, actions);
    return transition;
  }

  function tell(transition: Transition, description: string, arn: string, actions: AlarmActions): void {
    const { name, at, from, to, reason } = transition;
    if (actions.ALARM.length > 0) log(`${to}: ${description} (${reason}, ${new Date(at).toISOString()})`);
    const message = JSON.stringify({
      AlarmName: name,
      AlarmDescription: description,
      AlarmArn: arn,
      NewStateValue: to,
      NewStateReason: reason,
      StateChangeTime: new Date(at).toISOString(),
      OldStateValue: from,
    });
    for (const topicArn of actions[to]) publish(topicArn, `${to}: "${name}"`, message);
  }

  /** The minutes in (after, upTo] at which the alarm can come to another verdict. */
  function turningPoints({ alarm, kept }: Evaluated, after: number, upTo: number): readonly number[] {
    const found = new Set<number>();
    for (const { key } of alarm.series) {
      for (let period = 0; period <= evaluationRange(alarm); period++) {
        const shift = minuteMilliseconds + period * alarm.periodMilliseconds;
        for (const minute of store.minutes(key, after - shift, upTo - shift)) found.add(minute + shift);
      }
    }
    const first = kept.createdAt + alarm.evaluationPeriods * alarm.periodMilliseconds;
    if (after < first && first <= upTo) found.add(first);
    return [...found].sort((a, b) => a - b);
  }

  /** The first of them after `time`, as long as no data comes. */
  function nextTurn({ alarm, kept }: Evaluated, time: number): number {
    const first = kept.createdAt + alarm.evaluationPeriods * alarm.periodMilliseconds;
    let next = first > time ? first : Number.POSITIVE_INFINITY;
    for (const { key } of alarm.series) {
      for (let period = 0; period <= evaluationRange(alarm); period++) {
        const shift = minuteMilliseconds + period * alarm.periodMilliseconds;
        next = Math.min(next, (store.firstMinute(key, time - shift) ?? Number.POSITIVE_INFINITY) + shift);
      }
    }
    return next;
  }

  function evaluate(standing: Evaluated, at: number): Transition | undefined {
    const { alarm, kept } = standing;
    const periods = Array.from({ length: evaluationRange(alarm) }, (_, index) => at - index * alarm.periodMilliseconds);
    const values = periods.map((end) =>
      alarm.pointOf(
        alarm.series.map(({ key, statistic }) => store.statistic(key, statistic, end - alarm.periodMilliseconds, end)),
      ),
    );
    const points = values.map((value) => (value === undefined ? undefined : alarm.isBreaching(value)));
    const newest = values
      .slice(0, alarm.evaluationPeriods)
      .map((value) => (value === undefined ? 'missing' : figure(value)));
    return move(standing, at, judgeAlarm(points, alarm, kept.state), `${newest.join(', ')}; limit ${alarm.limit}`);
  }

  function combine(at: number): void {
    for (const standing of composites) {
      const isAlarming = standing.alarm.isAlarming(
        (alarm) => (byArn.get(alarm) ?? byName.get(alarm))?.kept.state ?? '',
      );
      move(standing, at, isAlarming ? 'ALARM' : 'OK', 'the alarms it is made of');
    }
  }

  /** In the order of time, so that composite alarms see their parts as they stood. */
  function catchUp(upTo: number): void {
    const turning = metricAlarms.filter((standing) => standing.nextTurn <= upTo && !standing.alarm.cannotEvaluate);
    const due = turning
      .flatMap((standing) => turningPoints(standing, evaluatedTo, upTo).map((at) => ({ standing, at })))
      .sort((a, b) => a.at - b.at);
    for (const { standing, at } of due) {
      if (evaluate(standing, at) !== undefined) combine(at);
    }
    for (const standing of turning) standing.nextTurn = nextTurn(standing, upTo);
  }

  const record: Measure = (metric, value, at = clock.now()) => {
    const key = metricKey(metric);
    const watching = watchers.get(key);
    // Nobody looks at anything else here.
    if (watching === undefined) return;
    store.record(key, at, value);
    const minuteEnds = (Math.floor(at / minuteMilliseconds) + 1) * minuteMilliseconds;
    for (const standing of watching) standing.nextTurn = Math.min(standing.nextTurn, minuteEnds);
  };

  return {
    name: 'cloudwatch',
    record,
    async pump() {
      const upTo = endOfMinute();
      if (upTo <= evaluatedTo) return false;
      const minutes = Array.from(
        { length: (upTo - evaluatedTo) / minuteMilliseconds },
        (_, index) => evaluatedTo + index * minuteMilliseconds,
      );
      options.readGauges?.(minutes, record);
      catchUp(upTo);
      evaluatedTo = upTo;
      if (performance.now() - savedAt > saveIntervalMilliseconds) {
        savedAt = performance.now();
        store.save();
        journal.setEvaluatedTo(evaluatedTo);
      }
      return false;
    },
    nextWakeAt: () => undefined,
    status: () => ({
      alarms: [...metricAlarms, ...composites].map(({ alarm, kept }) => {
        const { name, description } = alarm;
        const reason = 'cannotEvaluate' in alarm ? alarm.cannotEvaluate : undefined;
        const state = reason === undefined ? kept.state : 'CANNOT_EVALUATE';
        return { name, description, state, since: new Date(kept.since).toISOString(), reason: reason ?? kept.reason };
      }),
      history: journal.history(200).map(({ name, at, from, to }) => {
        return { at: new Date(at).toISOString(), description: byName.get(name)?.alarm.description ?? name, from, to };
      }),
    }),
    stop() {
      store.save();
      journal.setEvaluatedTo(evaluatedTo);
    },
  };
}

function figure(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}
