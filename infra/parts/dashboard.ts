import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { MetricName } from '../../shared/names.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { StateStack } from '../state-stack.ts';
import type { Alarms } from './alarm.ts';
import { allTiers, runwayMetric } from './runway-metric.ts';

export interface RunwayDashboardProps {
  readonly alarms: Alarms;
  readonly state: StateStack;
  readonly api: HttpApi;
  /** Whose functions and queues are shown. */
  readonly service: ServiceStack;
}

const period = Duration.minutes(5);
const half = 12;
const third = 8;

/** One screen, top to bottom from what a customer sees to what it rests on: is Runway healthy? */
export function addDashboard(scope: Construct, id: string, props: RunwayDashboardProps): Dashboard {
  const dashboard = new Dashboard(scope, id, { defaultInterval: Duration.hours(12) });
  const { stackName } = Stack.of(scope);
  const intro = `# ${stackName}\nWhat to do about each alarm: docs/runbook.md, under the alarm's own words.`;
  dashboard.addWidgets(new TextWidget({ markdown: intro, width: 24, height: 2 }));
  dashboard.addWidgets(
    new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms.telling], width: 24, height: 8 }),
  );
  dashboard.addWidgets(...fleet());
  dashboard.addWidgets(...requests(props.api));
  dashboard.addWidgets(...ingest(props));
  dashboard.addWidgets(...work(props));
  dashboard.addWidgets(...foundations(props));
  return dashboard;
}

function fleet() {
  const latest = { period, statistic: 'Maximum' } as const;
  // Ids of series are one name space within a widget.
  const total = (name: MetricName, label: string) => {
    const entries = Object.entries(allTiers(name, latest)).map(([tier, metric]) => [`${tier}${name}`, metric] as const);
    return new MathExpression({
      expression: `SUM([${entries.map(([seriesId]) => seriesId)}])`,
      usingMetrics: Object.fromEntries(entries),
      period,
      label,
    });
  };
  return [
    new SingleValueWidget({
      title: 'Fleet',
      metrics: [
        total('ModelsServing', 'serving'),
        total('ModelsAtRisk', 'at risk'),
        figure('ModelsLowCoverage', 'coverage low'),
      ],
      width: third,
    }),
    graph('At risk by tier', Object.values(allTiers('ModelsAtRisk', latest)), third),
    graph('Evaluation: lateness in intervals', [figure('LatenessIntervals', 'of the latest model')], third),
  ];
}

function requests(api: HttpApi) {
  const sum = { period, statistic: 'Sum' };
  return [
    graph('API: requests', [api.metricCount(sum), api.metricClientError(sum), api.metricServerError(sum)], half),
    graph(
      'API: latency',
      ['p50', 'p99'].map((statistic) => api.metricLatency({ period, statistic, label: statistic })),
      half,
    ),
  ];
}

function ingest({ state, service }: RunwayDashboardProps) {
  const join = lambdaAt('ground-truth/join-events', service);
  const relay = lambdaAt('registry/relay-events', service);
  const sum = { period, statistic: 'Sum' };
  const lag = (consumer: IFunction, label: string) =>
    consumer.metric('IteratorAge', { period, statistic: 'Maximum', label });
  return [
    graph(
      'Ingest: records and calls of the join',
      [state.eventStream.metricIncomingRecords(sum), join.metricInvocations(sum)],
      third,
    ),
    graph('Lag of join and relay (ms)', [lag(join, 'join'), lag(relay, 'relay')], third),
    graph('Scans', [figure('Evaluations'), figure('EvaluationFailures'), figure('RecordsRejected')], third),
  ];
}

function work({ service: { queues } }: RunwayDashboardProps) {
  const ended = { period: Duration.hours(1), statistic: 'Sum' } as const;
  const endings = [
    'RetrainsSucceeded',
    'RetrainsFailed',
    'RolloutsPromoted',
    'RolloutsRefused',
    'RolloutsRolledBack',
  ] as const;
  const ages = Object.entries(queues).map(([label, queue]) =>
    queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum', label }),
  );
  const oldest = { period: Duration.hours(1), statistic: 'Maximum' } as const;
  return [
    graph(
      'Retrains and rollouts that ended',
      endings.map((name) => runwayMetric(name, ended)),
      third,
    ),
    graph('Oldest queued retrain (minutes)', Object.values(allTiers('OldestQueuedMinutes', oldest)), third),
    graph('Oldest message of each queue (s)', ages, third),
  ];
}

function foundations({ state, service }: RunwayDashboardProps) {
  const neptune = (metricName: string) =>
    new Metric({
      namespace: 'AWS/Neptune',
      metricName,
      dimensionsMap: { DBClusterIdentifier: state.graph.cluster.ref },
      statistic: 'Average',
      period,
    });
  // A search finds functions that a later deployment adds, too; alarms may not search.
  const failures = ['Errors', 'Throttles'].map(
    (name) =>
      new MathExpression({
        expression: `SEARCH('{AWS/Lambda,FunctionName} MetricName="${name}" "${service.stackName}"', 'Sum', 300)`,
        usingMetrics: {},
        period,
        label: name,
      }),
  );
  const names = ['CPUUtilization', 'ServerlessDatabaseCapacity', 'MainRequestQueuePendingRequests'];
  return [graph('Functions: errors and throttles', failures, half), graph('Graph', names.map(neptune), half)];
}

function lambdaAt(path: string, { functions }: ServiceStack): IFunction {
  const found = functions.get(path);
  if (!found) throw new Error(`dashboard: no capability made ${path}`);
  return found.lambda;
}

function graph(title: string, left: IMetric[], width: number): GraphWidget {
  return new GraphWidget({ title, left, width, leftYAxis: { min: 0 } });
}

function figure(name: MetricName, label: string = name): Metric {
  return runwayMetric(name, { period, statistic: 'Maximum' }).with({ label });
}
