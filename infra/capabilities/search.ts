import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';

/** How old the snapshot gets that functions start with; what changed since they read from the change log. */
const leastMaintenanceMinutes = 30;
const objects = 'search/*';

/** Where is what I am looking for: one index over everything that the graph knows. */
export class Search extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    // The index and what it was made of are held in memory, 200 MB for 100,000 entities; processors come with memory.
    this.reading('graph/search-entities', { timeout: Duration.seconds(29), memory: 2_048 }, []);
    this.maintenance();
  }

  private maintenance(): void {
    const { alarms, settings } = this.shared;
    const minutes = Math.max(leastMaintenanceMinutes, settings.graphIntervalMinutes);
    // Two of them, for it compares.
    const maintain = this.reading('graph/maintain-search', { timeout: Duration.minutes(5), memory: 4_096 }, [
      's3:PutObject',
      's3:DeleteObject',
    ]);
    everyMinutes(this, 'SearchMaintenanceSchedule', {
      minutes,
      target: maintain,
      description: 'Compares search with the graph, and writes the snapshot that search starts with',
      alarms,
    });
    const metric = runwayMetric('SearchDifference', {
      statistic: 'Maximum',
      period: Duration.minutes(minutes),
    });
    alarms.add('SearchDiffers', {
      heading: 'Search differs',
      severity: 'ticket',
      metric,
      threshold: 1,
      missing: TreatMissingData.IGNORE,
    });
  }

  private reading(
    path: string,
    options: { readonly timeout: Duration; readonly memory: number },
    actions: readonly string[],
  ): RuntimeFunction {
    const { graphTable, graphBucket } = this.shared.state;
    return (
      this.function(path, options)
        .bindTable('GRAPH_TABLE', graphTable, ['dynamodb:GetItem', 'dynamodb:Query'])
        .bindBucket('GRAPH_BUCKET', graphBucket, ['s3:GetObject', ...actions], objects)
        // Also so that a missing snapshot is not reported as forbidden.
        .allow(['s3:ListBucket'], [graphBucket.bucketArn])
    );
  }
}
