import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { workflows } from '../../shared/names.ts';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { type DataCatalog, dataCatalog } from '../parts/data-catalog.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';
import { Workflow } from '../parts/workflow.ts';

const minute = Duration.minutes(1);
const dayMinutes = 24 * 60;

/** Joins what is archived, date by date, into files and the metrics table. */
export class BatchJoin extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { state, settings, alarms } = props;
    const catalog = dataCatalog(this, { settings, bucket: state.groundTruthBucket });
    const workflow = new Workflow(this, 'Join', {
      file: workflows.joinGroundTruth,
      functions: this.tasks(catalog),
      logRetentionDays: settings.logRetentionDays,
      alarms,
      // Readers keep what they had.
      severity: 'ticket',
    });
    new CfnOutput(Stack.of(this), 'BatchWorkflowArn', { value: workflow.aliasArn });
    everyMinutes(this, 'BatchJoinSchedule', {
      minutes: dayMinutes,
      target: this.reader('ground-truth/start-batch-join', { reads: ['lists'] })
        .allow(['states:StartExecution'], [workflow.aliasArn])
        .set('BATCH_WORKFLOW_ARN', workflow.aliasArn)
        .set('RAW_RETENTION_DAYS', String(settings.rawRetentionDays)),
      description: 'Joins the event dates that may have changed',
      alarms,
      enabled: settings.batchJoin === 'on',
    });
    if (settings.batchJoin === 'on') this.watch();
  }

  private tasks(catalog: DataCatalog): Readonly<Record<string, RuntimeFunction>> {
    const { groundTruthBucket: bucket, groundTruthTable: table } = this.shared.state;
    const lists = { reads: ['lists'], timeout: minute } as const;
    return {
      advanceBatchJoin: this.reader('ground-truth/advance-batch-join', lists).bindTable('GROUND_TRUTH_TABLE', table, [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
      ]),
      startBatchQuery: catalog.mayJoin(this.reader('ground-truth/start-batch-query', lists)),
      switchBatchDay: catalog.maySwitch(this.function('ground-truth/switch-batch-day', { timeout: minute })),
      checkBatchQuery: catalog.mayWatch(this.function('ground-truth/check-batch-query', { timeout: minute })),
      writeBatchMetrics: this.function('ground-truth/write-batch-metrics', {
        timeout: Duration.minutes(10),
        memory: 1_769,
      })
        .bindTable('GROUND_TRUTH_TABLE', table, ['dynamodb:BatchWriteItem'])
        .bindBucket('GROUND_TRUTH_BUCKET', bucket, ['s3:GetObject'], 'metrics/*')
        .allow(['s3:ListBucket'], [bucket.bucketArn]),
    };
  }

  private watch(): void {
    const sum = { statistic: 'Sum', period: Duration.hours(6) } as const;
    this.shared.alarms.add('BatchJoinLate', {
      heading: 'Batch join late',
      severity: 'ticket',
      metric: new MathExpression({
        expression: 'FILL(days, 0) + FILL(runs, 0)',
        usingMetrics: { days: runwayMetric('BatchDaysJoined', sum), runs: runwayMetric('BatchRunsSucceeded', sum) },
        period: sum.period,
        label: 'dates and runs of the batch join that are done',
      }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      // Thirty hours: a run a day, and six to be late.
      periods: 5,
      missing: TreatMissingData.BREACHING,
    });
  }
}
