import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventSource } from '../../shared/names.ts';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { failureQueue, workQueue } from '../parts/queue.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';

/** Is each model still good, and how sure are we. */
export class Health extends Capability {
  private readonly baselineQueue: IQueue;
  /** Shards of models to evaluate. */
  readonly scanQueue: IQueue;

  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { state } = props;
    this.reader('health/get-health').bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem']);
    this.reader('health/get-alert-budget');
    // A PUT repeats by nature and remembers no key.
    this.worker('health/set-alert-budget');
    for (const path of ['health/list-evaluations', 'health/get-timeline'])
      this.reader(path).bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:Query']);
    // Reads and sorts a row of every model.
    this.reader('health/list-fleet', { memory: 1_769, reads: ['lists'] }).bindTable('HEALTH_TABLE', state.healthTable, [
      'dynamodb:Query',
    ]);
    this.reader('health/get-drift', { memory: 1_024, reads: ['heads', 'commits'] })
      .bindTable('GROUND_TRUTH_TABLE', state.groundTruthTable, ['dynamodb:Query'])
      .bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem']);
    this.reader('health/replay-evaluation', { reads: ['heads'] }).bindTable('HEALTH_TABLE', state.healthTable, [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
    ]);
    // Judges a thousand evaluations twice.
    this.reader('health/run-backtest', { timeout: Duration.seconds(29), memory: 1_769, reads: ['heads'] })
      .bindTable('GROUND_TRUTH_TABLE', state.groundTruthTable, ['dynamodb:Query'])
      .bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query']);
    // Evaluating now informs and never alerts, so it appends nothing.
    const now = { timeout: Duration.seconds(29), memory: 1_024, reads: ['heads', 'commits'] } as const;
    this.evaluates(this.remembersKeys(this.reader('health/evaluate-model', now)));
    const scan = this.evaluates(
      this.worker('health/scan-models', {
        timeout: Duration.minutes(5),
        memory: props.settings.scanMemoryMegabytes,
        // Fifty models are under way at once, with some megabyte each: a fifth less processor time than with 16.
        semiSpace: 64,
        reads: ['lists'],
      }),
    )
      .allow(['dynamodb:UpdateItem', 'dynamodb:BatchGetItem'], [state.healthTable.tableArn])
      .allow(['dynamodb:BatchGetItem'], [state.groundTruthTable.tableArn, state.eventsTable.tableArn]);
    this.scanQueue = this.shards(scan);
    this.baselineQueue = this.baselines();
    this.embeddings();
    everyMinutes(this, 'ScanSchedule', {
      minutes: props.settings.scanIntervalMinutes,
      target: scan,
      description: 'Evaluates every model that is due',
      alarms: props.alarms,
    });
    this.watch();
  }

  /** A fleet of more than 250 due models is cut into shards, which as many invocations evaluate side by side. */
  private shards(scan: RuntimeFunction): IQueue {
    const { alarms } = this.shared;
    const queue = workQueue(this, 'ScanShards', {
      alarms,
      visibilityTimeout: Duration.minutes(30),
      maximumReceives: 3,
    });
    alarms.addWaiting('ScanShards', queue, Duration.minutes(15));
    scan.allow(['sqs:SendMessage'], [queue.queueArn]).set('SCAN_QUEUE_URL', queue.queueUrl);
    scan.takeFrom(queue, { batchSize: 1, maxConcurrency: 10 });
    new CfnOutput(Stack.of(this), 'ScanQueueUrl', { value: queue.queueUrl });
    return queue;
  }

  /** Reference windows too large for the call that registers them, one an invocation. */
  private baselines(): IQueue {
    const { alarms, state } = this.shared;
    // A row group of a Parquet file and a sample of the rows are held at once. Lambda allows no longer time.
    const build = this.worker('health/build-baseline', { timeout: Duration.minutes(15), memory: 3_008 });
    this.readsArtifacts(build).bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem', 'dynamodb:PutItem']);
    const visibilityTimeout = Duration.minutes(90);
    const queue = workQueue(this, 'BaselineRequests', { alarms, visibilityTimeout, maximumReceives: 3 });
    alarms.addWaiting('BaselineRequests', queue, Duration.hours(1));
    build.takeFrom(queue, { batchSize: 1, maxConcurrency: 5 });
    return queue;
  }

  /** Versions that were registered with embeddings, one an invocation. */
  private embeddings(): void {
    const { alarms, state, bus } = this.shared;
    const { healthTable } = state;
    this.reader('health/get-embedding-stability').bindTable('HEALTH_TABLE', healthTable, ['dynamodb:GetItem']);
    // Up to four files are held at once, and an alignment takes the cube of the dimension.
    const compare = this.reader('health/compare-embeddings', { timeout: Duration.minutes(15), memory: 3_008 });
    this.readsArtifacts(compare).bindTable('HEALTH_TABLE', healthTable, ['dynamodb:GetItem', 'dynamodb:PutItem']);
    const visibilityTimeout = Duration.minutes(90);
    const queue = workQueue(this, 'EmbeddingComparisons', { alarms, visibilityTimeout, maximumReceives: 3 });
    alarms.addWaiting('EmbeddingComparisons', queue, Duration.hours(1));
    new Rule(this, 'EmbeddingComparisonsRule', {
      eventBus: bus,
      eventPattern: {
        source: [eventSource],
        detailType: ['VersionRegistered'],
        detail: { event: { version: { embeddings: { uri: [{ exists: true }] } } } },
      },
      targets: [
        new SqsQueue(queue, { deadLetterQueue: failureQueue(this, 'EmbeddingComparisonsUndelivered', alarms) }),
      ],
    });
    compare.takeFrom(queue, { batchSize: 1, maxConcurrency: 5 });
  }

  /** `target` may ask for a baseline. */
  allowRequest(target: RuntimeFunction): void {
    const { queueArn, queueUrl } = this.baselineQueue;
    target.allow(['sqs:SendMessage'], [queueArn]).set('BASELINE_QUEUE_URL', queueUrl);
  }

  /** Each scan reports on every model that serves, so that one period is one scan. */
  private watch(): void {
    const { alarms, settings } = this.shared;
    const scan = { period: Duration.minutes(settings.scanIntervalMinutes), statistic: 'Maximum' } as const;
    alarms.add('EvaluationsLate', {
      heading: 'Evaluations late',
      severity: 'page',
      metric: runwayMetric('LatenessIntervals', scan),
      threshold: 2,
      periods: 2,
      // No scan, no figure: that is the fault itself.
      missing: TreatMissingData.BREACHING,
    });
    alarms.add('CoverageLow', {
      heading: 'Coverage low',
      severity: 'ticket',
      metric: runwayMetric('ModelsLowCoverage', scan),
      threshold: 1,
      missing: TreatMissingData.IGNORE,
    });
  }

  private evaluates(target: RuntimeFunction): RuntimeFunction {
    const { state } = this.shared;
    return (
      target
        .bindTable('GROUND_TRUTH_TABLE', state.groundTruthTable, ['dynamodb:Query'])
        // What was known before a past moment is the last of a list.
        .bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'])
    );
  }
}
