import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Settings } from '../settings.ts';
import type { StateStack } from '../state-stack.ts';
import type { Alarms } from './alarm.ts';

const period = Duration.minutes(5);
/** `SystemErrors` is kept by operation; these are the ones that the functions use. */
const operations = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];

/** Watches what the state stack holds; that stack itself knows of nobody. */
export function addStateAlarms(alarms: Alarms, state: StateStack, settings: Settings): void {
  const tables = {
    Events: state.eventsTable,
    GroundTruth: state.groundTruthTable,
    Health: state.healthTable,
    Idempotency: state.idempotencyTable,
  };
  for (const [id, table] of Object.entries(tables)) addTable(alarms, id, table);
  alarms.add('StreamWritesThrottled', {
    heading: 'Stream writes throttled',
    severity: 'ticket',
    metric: state.eventStream.metric('WriteProvisionedThroughputExceeded', { period, statistic: 'Sum' }),
    threshold: 1,
    periods: 3,
    breaching: 2,
  });
  addGraph(alarms, state.graph.cluster.ref, settings.graphMaximumCapacity);
}

function addTable(alarms: Alarms, id: string, table: ITable): void {
  const sum = { period, statistic: 'Sum' };
  alarms.add(`${id}Throttled`, {
    heading: 'Table throttled',
    subject: id,
    severity: 'ticket',
    metric: new MathExpression({
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      usingMetrics: {
        reads: table.metric('ReadThrottleEvents', sum),
        writes: table.metric('WriteThrottleEvents', sum),
      },
      period,
      label: `throttled requests of ${id}`,
    }),
    // On-demand tables throttle a few requests while they double their capacity, and the SDK tries those again.
    threshold: 10,
    periods: 2,
  });
  const byOperation = operations.map((Operation) => [
    Operation.charAt(0).toLowerCase() + Operation.slice(1),
    table.metric('SystemErrors', { ...sum, dimensionsMap: { TableName: table.tableName, Operation } }),
  ]);
  alarms.add(`${id}SystemErrors`, {
    heading: 'Table system errors',
    subject: id,
    severity: 'ticket',
    metric: new MathExpression({
      expression: byOperation.map(([name]) => `FILL(${String(name)}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(byOperation) as Record<string, Metric>,
      period,
      label: `system errors of ${id}`,
    }),
    threshold: 5,
  });
}

/** The graph answers questions of people; nothing waits for it, so nothing here pages. */
function addGraph(alarms: Alarms, cluster: string, maximumCapacity: number): void {
  const metric = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/Neptune',
      metricName,
      dimensionsMap: { DBClusterIdentifier: cluster },
      statistic,
      period,
    });
  const shared = { severity: 'ticket', periods: 3 } as const;
  alarms.add('GraphBusy', {
    ...shared,
    heading: 'Graph busy',
    metric: metric('CPUUtilization', 'Average'),
    threshold: 90,
  });
  alarms.add('GraphNearCapacity', {
    ...shared,
    heading: 'Graph near capacity',
    metric: metric('ServerlessDatabaseCapacity', 'Average'),
    threshold: 0.9 * maximumCapacity,
  });
  alarms.add('GraphRequestsQueueing', {
    ...shared,
    heading: 'Graph requests queueing',
    metric: metric('MainRequestQueuePendingRequests', 'Maximum'),
    threshold: 10,
  });
  alarms.add('GraphSilent', {
    ...shared,
    heading: 'Graph silent',
    metric: metric('CPUUtilization', 'SampleCount'),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    missing: TreatMissingData.BREACHING,
  });
}
