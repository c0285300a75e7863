import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';

/** How often the canary tenant serves and looks; also the interval at which tier 1 is evaluated. */
const tickMinutes = 5;
/** What is promised is the longer of an hour and the time to enough rows, which the canary has within the hour. */
const promisedMinutes = 75;
const leastPrecision = 0.9;

/** Is drift noticed, and how fast: a tenant into which synthetic drift is injected all the time. */
export class DetectionCanary extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { state, alarms } = props;
    const path = 'health/run-detection-canary';
    const canary = this.worker(path, { timeout: Duration.minutes(1), memory: 1_024, reads: ['commits'] })
      .bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem', 'dynamodb:PutItem'])
      .allow(['kinesis:PutRecords'], [state.eventStream.streamArn])
      .set('EVENT_STREAM', state.eventStream.streamName);
    this.readsWriterKeys(this.publishesRouting(this.readsArtifacts(canary)));
    canary.bindBucket('ARTIFACT_BUCKET', state.artifactBucket, ['s3:PutObject'], 'detection-canary/*');
    everyMinutes(this, 'DetectionCanarySchedule', {
      minutes: tickMinutes,
      target: canary,
      description: 'Injects drift into the canary tenant and measures when it is noticed',
      alarms,
    });
    this.watch();
  }

  private watch(): void {
    const { alarms } = this.shared;
    const tick = { period: Duration.minutes(tickMinutes) } as const;
    alarms.add('DetectionSlow', {
      heading: 'Detection slow',
      severity: 'ticket',
      metric: runwayMetric('DetectionMinutes', { ...tick, statistic: 'Maximum' }),
      threshold: promisedMinutes,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // One episode is one figure; it stands until the next one is better.
      missing: TreatMissingData.IGNORE,
    });
    alarms.add('AlertPrecisionLow', {
      heading: 'Alert precision low',
      severity: 'ticket',
      metric: runwayMetric('AlertPrecision', { ...tick, statistic: 'Minimum' }),
      threshold: leastPrecision,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      missing: TreatMissingData.IGNORE,
    });
    alarms.add('DetectionCanaryStopped', {
      heading: 'Detection canary stopped',
      severity: 'ticket',
      metric: runwayMetric('DetectionCanaryTicks', { ...tick, statistic: 'Sum' }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 6,
      missing: TreatMissingData.BREACHING,
    });
  }
}
