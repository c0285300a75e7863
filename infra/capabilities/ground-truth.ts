import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { failureQueue, failuresTo } from '../parts/queue.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';

/** Stored, of the segments that one invocation works on; decoded they take several times as much of its 1,769 MB. */
const maximumSegmentBytes = 100_000_000;

/** What was predicted, what turned out true, and for how much of it the truth is known. */
export class GroundTruth extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { state } = props;
    this.ingest('ground-truth/ingest-predictions').bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem']);
    this.ingest('ground-truth/ingest-outcomes').bindTable('GROUND_TRUTH_TABLE', state.groundTruthTable, [
      'dynamodb:Query',
    ]);
    for (const path of ['ground-truth/get-performance', 'ground-truth/get-paired-performance']) {
      this.reader(path).bindTable('GROUND_TRUTH_TABLE', state.groundTruthTable, ['dynamodb:Query']);
    }
    this.reader('ground-truth/get-performance-series', { memory: 1_024, reads: ['heads', 'commits'] })
      .bindTable('GROUND_TRUTH_TABLE', state.groundTruthTable, ['dynamodb:Query'])
      .bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem']);
    this.join();
  }

  private ingest(path: string): RuntimeFunction {
    const { state } = this.shared;
    const made = this.remembersKeys(
      this.readsWriterKeys(this.reader(path, { timeout: Duration.seconds(20), memory: 1_024 })),
    );
    return made
      .allow(['dynamodb:UpdateItem'], [state.idempotencyTable.tableArn])
      .allow(['kinesis:PutRecords'], [state.eventStream.streamArn])
      .set('EVENT_STREAM', state.eventStream.streamName);
  }

  private join(): void {
    const { settings, state, alarms } = this.shared;
    const join = this.readsWriterKeys(
      this.reader('ground-truth/join-events', {
        timeout: Duration.seconds(60),
        memory: settings.joinMemoryMegabytes,
        reads: ['heads', 'lists'],
        ...(settings.joinReservedConcurrency !== undefined && {
          reservedConcurrency: settings.joinReservedConcurrency,
        }),
      }),
    )
      .bindTable('GROUND_TRUTH_TABLE', state.groundTruthTable, [
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
      ])
      .bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem'])
      .bindTable('IDEMPOTENCY_TABLE', state.idempotencyTable, ['dynamodb:UpdateItem'])
      .bindBucket('FAILURE_BUCKET', state.failureBucket, ['s3:PutObject'], 'poison/*')
      .bindBucket('FAILURE_BUCKET', state.failureBucket, ['s3:PutObject'], 'conflicts/*');
    const failures = failureQueue(this, 'JoinFailures', alarms);
    new CfnOutput(Stack.of(this), 'JoinFailuresQueueUrl', { value: failures.queueUrl });
    join.lambda.addEventSource(
      new KinesisEventSource(state.eventStream, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: settings.joinBatchRecords,
        maxBatchingWindow: Duration.seconds(settings.joinWindowSeconds),
        bisectBatchOnError: true,
        retryAttempts: 10,
        maxRecordAge: Duration.days(1),
        parallelizationFactor: settings.joinParallelization,
        reportBatchItemFailures: true,
        onFailure: failuresTo(failures),
      }),
    );
    this.watch(join);
  }

  private watch(join: RuntimeFunction): void {
    const { state, alarms } = this.shared;
    const sum = { period: Duration.minutes(5), statistic: 'Sum' } as const;
    const hour = { period: Duration.hours(1), statistic: 'Sum' } as const;
    alarms.addLag('JoinLag', join.lambda, Duration.minutes(10));
    alarms.add('JoinStopped', {
      heading: 'Join stopped',
      severity: 'page',
      // The lag is measured by whoever reads, so nobody measures it when nobody reads.
      metric: new MathExpression({
        expression: 'IF(FILL(incoming, 0) > 0 AND FILL(calls, 0) < 1, 1, 0)',
        usingMetrics: {
          incoming: state.eventStream.metricIncomingRecords(sum),
          calls: join.lambda.metricInvocations(sum),
        },
        period: sum.period,
        label: 'records come in and nobody reads them',
      }),
      threshold: 1,
      periods: 3,
    });
    // Buckets of tier 1 are joined first; when they wait all the same, more comes in than is joined.
    alarms.add('CriticalJoinLag', {
      heading: 'Critical join lag',
      severity: 'page',
      metric: runwayMetric('JoinLagSeconds', { period: Duration.minutes(5), statistic: 'Maximum', tier: 1 }),
      threshold: Duration.minutes(5).toSeconds(),
      periods: 2,
    });
    alarms.add('OutcomesOrphaned', {
      heading: 'Outcomes orphaned',
      severity: 'ticket',
      metric: new MathExpression({
        // Of a handful of outcomes one orphan is no news.
        expression: 'IF(decided >= 100, orphaned / decided, 0)',
        usingMetrics: {
          orphaned: runwayMetric('OutcomesOrphaned', hour),
          decided: runwayMetric('OutcomesDecided', hour),
        },
        period: hour.period,
        label: 'share of outcomes without a prediction',
      }),
      threshold: 0.05,
    });
    alarms.add('JoinBufferLarge', {
      heading: 'Join buffer large',
      severity: 'ticket',
      metric: runwayMetric('SegmentBytes', { period: Duration.minutes(5), statistic: 'Maximum' }),
      threshold: maximumSegmentBytes,
      periods: 3,
    });
    alarms.add('RecordsRejected', {
      heading: 'Records rejected',
      severity: 'ticket',
      metric: runwayMetric('RecordsRejected', sum),
      threshold: 1,
    });
    alarms.add('RecordsUntrusted', {
      heading: 'Records untrusted',
      severity: 'ticket',
      metric: runwayMetric('RecordsUntrusted', sum),
      threshold: 1,
    });
    alarms.add('WritersRateLimited', {
      heading: 'Writers rate limited',
      severity: 'ticket',
      metric: runwayMetric('RecordsRateLimited', sum),
      threshold: 1,
    });
  }
}
