import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms, RunbookAlarmProps } from './alarm.ts';

/** 99.9 % of requests over 30 days may fail at most this often. */
const errorBudgetRatio = 0.001;

/**
 * Speeds at which the month's error budget burns. The long window says that it matters, the short one that it still goes
 * on. Source: Google, The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts", table 5-8.
 */
const burnRates = [
  // 2 % of the budget in an hour: gone in two days.
  { id: 'Fast', factor: 14.4, long: Duration.hours(1), short: Duration.minutes(5) },
  // 5 % of the budget in six hours: gone in five days.
  { id: 'Slow', factor: 6, long: Duration.hours(6), short: Duration.minutes(30) },
] as const;

/** Below this one failed request would be a burning budget. */
const fewestRequests = 20;

/** Watches the HTTP API from its outside: does it answer, how fast, and does it keep its availability of 99.9 %. */
export function addApiAlarms(alarms: Alarms, api: HttpApi): void {
  const fiveMinutes = Duration.minutes(5);
  alarms.add('ApiServerErrors', {
    heading: 'API server errors',
    severity: 'ticket',
    metric: api.metricServerError({ period: fiveMinutes, statistic: 'Sum' }),
    threshold: 5,
  });
  alarms.add('ApiSlow', {
    heading: 'API slow',
    severity: 'ticket',
    metric: api.metricLatency({ period: fiveMinutes, statistic: 'p99' }),
    // In ms: evaluating on demand and registering a reference window take one or two seconds, reading takes less.
    threshold: 5_000,
    periods: 3,
  });
  for (const { id, factor, long, short } of burnRates) {
    const whole = { heading: `Registry availability burning ${id.toLowerCase()}`, severity: 'page' } as const;
    const part = (period: Duration, fewest: number): RunbookAlarmProps => ({
      ...whole,
      subject: `part over ${period.toHumanString()}`,
      metric: errorRatio(api, period, fewest),
      threshold: factor * errorBudgetRatio,
    });
    alarms.addJoint(`AvailabilityBurning${id}`, whole, [part(long, fewestRequests), part(short, 1)]);
  }
}

function errorRatio(api: HttpApi, period: Duration, fewest: number): MathExpression {
  const options = { period, statistic: 'Sum' };
  return new MathExpression({
    expression: `IF(FILL(requests, 0) >= ${fewest}, FILL(errors, 0) / requests, 0)`,
    usingMetrics: { requests: api.metricCount(options), errors: api.metricServerError(options) },
    period,
    label: 'share of requests that failed',
  });
}
