export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

export type AlarmRule = {
  /** Data points that are judged, N. */
  readonly evaluationPeriods: number;
  /** How many of them have to breach, M. */
  readonly datapointsToAlarm: number;
  readonly missing: MissingData;
};

/** CloudWatch looks this much further back than N for data points that are not missing. */
const extraPeriods = 2;

/** How many periods back a data point can still matter. */
export function evaluationRange({ evaluationPeriods }: AlarmRule): number {
  return evaluationPeriods + extraPeriods;
}

/**
 * The state of an alarm whose newest data points are `points`, newest first, over its evaluation range: true breaches,
 * false does not, undefined is missing. Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing
 * data", whose tables are the tests of this.
 */
export function judgeAlarm(points: readonly (boolean | undefined)[], rule: AlarmRule, current: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, missing } = rule;
  const real = points.filter((point) => point !== undefined);
  const breaching = real.slice(0, evaluationPeriods).filter((point) => point).length;
  const toFill = Math.max(0, evaluationPeriods - real.length);
  if (toFill === 0 || missing === 'notBreaching') return stateOf(breaching >= datapointsToAlarm);
  if (missing === 'breaching') return stateOf(breaching + toFill >= datapointsToAlarm);
  if (real.length === 0) return missing === 'ignore' ? current : 'INSUFFICIENT_DATA';
  if (real.includes(false) || breaching >= datapointsToAlarm) return stateOf(breaching >= datapointsToAlarm);
  // All that is known breaches, but it is too little: an alarm would be premature until the oldest of it has some age.
  const age = points.slice(0, evaluationPeriods).lastIndexOf(true) + 1;
  return missing === 'missing' && age >= datapointsToAlarm ? 'ALARM' : current;
}

function stateOf(isBreaching: boolean): AlarmState {
  return isBreaching ? 'ALARM' : 'OK';
}
