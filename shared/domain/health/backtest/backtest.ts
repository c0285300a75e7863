import type { Policy } from '../../registry/policy.ts';
import { dayMillis, hourMillis, type Instant, toMillis } from '../../time.ts';
import type { Degradation } from './degradation.ts';
import { type PolicyAlert, type PolicyRun, type RecordedMoment, runPolicy } from './run-policy.ts';

export type BacktestInput = {
  /** Ascending; gone through once for each policy, one moment at a time. */
  readonly moments: Iterable<RecordedMoment>;
  /** The same moments with the windows that the candidate asks for. @default `moments` */
  readonly candidateMoments?: Iterable<RecordedMoment> | undefined;
  readonly current: Policy;
  readonly candidate: Policy;
  readonly degradations: readonly Degradation[];
  /** Of one retrain, in whatever unit the caller counts. */
  readonly retrainCost: number;
  /** Told of each moment that a policy has judged. */
  readonly onJudged?: (() => void) | undefined;
};

export type Detection = {
  readonly from: Instant;
  readonly to: Instant;
  /** First alert that stood within the degradation; null when it was missed. */
  readonly detectedAt: Instant | null;
  /** Negative: an alert stood already when it began. */
  readonly delayHours: number | null;
};

export type BacktestRun = PolicyRun & {
  readonly alertsPerWeek: number;
  readonly detections: readonly Detection[];
  /** Alerts that never stood within a degradation. */
  readonly falseAlerts: number;
  readonly retrainCost: number;
};

export type BacktestReport = {
  readonly evaluations: number;
  readonly degradations: readonly Degradation[];
  readonly current: BacktestRun;
  readonly candidate: BacktestRun;
  /** What the comparison cannot know. */
  readonly assumptions: readonly string[];
};

/**
 * A candidate policy beside the current one over the same recorded history: when each would have alerted, how often, how
 * long after each real degradation, and what its retrains would have cost.
 */
export function backtest(input: BacktestInput): BacktestReport {
  const { moments, candidateMoments = moments, current, candidate, degradations, retrainCost, onJudged } = input;
  const [survey, candidateSurvey] = [createSurvey(), createSurvey()];
  const currentRun = runPolicy(surveyed(moments, survey), current, onJudged);
  const candidateRun = runPolicy(surveyed(candidateMoments, candidateSurvey), candidate, onJudged);
  const yardstick = { degradations, retrainCost, weeks: lengthInWeeks(survey) };
  return {
    evaluations: survey.evaluations,
    degradations,
    current: runOf(currentRun, yardstick),
    candidate: runOf(candidateRun, yardstick),
    assumptions: assumptionsOf(candidateSurvey, candidate),
  };
}

/** What the moments are, seen while they pass by. */
type Survey = {
  evaluations: number;
  first: Instant | undefined;
  last: Instant | undefined;
  readonly windowDays: Set<number>;
};

function createSurvey(): Survey {
  return { evaluations: 0, first: undefined, last: undefined, windowDays: new Set() };
}

function* surveyed(moments: Iterable<RecordedMoment>, survey: Survey): Generator<RecordedMoment> {
  for (const moment of moments) {
    const { evaluatedAt, model } = moment.inputs;
    survey.evaluations += 1;
    survey.first ??= evaluatedAt;
    survey.last = evaluatedAt;
    survey.windowDays.add(model.policy.windowDays);
    yield moment;
  }
}

type Yardstick = Pick<BacktestInput, 'degradations' | 'retrainCost'> & { readonly weeks: number };

function runOf(run: PolicyRun, { degradations, retrainCost, weeks }: Yardstick): BacktestRun {
  return {
    ...run,
    alertsPerWeek: weeks === 0 ? 0 : run.alerts.length / weeks,
    detections: degradations.map((degradation) => detectionOf(run.alerts, degradation)),
    falseAlerts: run.alerts.filter((alert) => !degradations.some((each) => overlap(alert, each))).length,
    retrainCost: run.retrains.length * retrainCost,
  };
}

function detectionOf(alerts: readonly PolicyAlert[], { from, to }: Degradation): Detection {
  const first = alerts.find((alert) => overlap(alert, { from, to }));
  if (first === undefined) return { from, to, detectedAt: null, delayHours: null };
  return { from, to, detectedAt: first.at, delayHours: (toMillis(first.at) - toMillis(from)) / hourMillis };
}

function overlap(alert: PolicyAlert, { from, to }: Pick<Degradation, 'from' | 'to'>): boolean {
  return alert.at < to && (alert.until === null || alert.until > from);
}

function lengthInWeeks({ first, last }: Survey): number {
  if (first === undefined || last === undefined) return 0;
  return (toMillis(last) - toMillis(first)) / (7 * dayMillis);
}

function assumptionsOf({ windowDays }: Survey, candidate: Policy): readonly string[] {
  const windows = [...windowDays].filter((days) => days !== candidate.windowDays);
  return [
    'the history stays as it was: a retrain that a policy asks for here brings no better version',
    'each evaluation rests on what was known when it was made; degradations are what is known now',
    ...(windows.length === 0
      ? []
      : [
          `windowDays ${candidate.windowDays} could not be tried: the records hold windows of ${windows.join(', ')} days`,
        ]),
  ];
}
