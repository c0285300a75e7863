import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { workQueue } from '../parts/queue.ts';

/** What runs, jobs and datasets say of themselves as OpenLineage events: kept first, then put into the graph. */
export class OpenLineage extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { state, alarms } = props;
    const queue = workQueue(this, 'LineageEvents', { alarms, visibilityTimeout: Duration.minutes(12) });
    alarms.addWaiting('LineageEvents', queue, Duration.minutes(15));
    for (const path of ['graph/post-lineage', 'graph/post-lineage-batch'])
      this.readsWriterKeys(this.reader(path))
        .bindTable('IDEMPOTENCY_TABLE', state.idempotencyTable, ['dynamodb:UpdateItem'])
        .bindBucket('GRAPH_BUCKET', state.graphBucket, ['s3:PutObject'], 'events/openlineage/*')
        .allow(['sqs:SendMessage'], [queue.queueArn])
        .set('LINEAGE_QUEUE_URL', queue.queueUrl);
    this.function('graph/apply-lineage', { timeout: Duration.minutes(2), memory: 1_024 })
      .bindTable('GRAPH_TABLE', state.graphTable, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'])
      .bindBucket('GRAPH_BUCKET', state.graphBucket, ['s3:GetObject'], 'events/openlineage/*')
      // The change log has one end, so more writers would only wait for each other; fewer than two Lambda does not allow.
      .takeFrom(queue, { batchSize: 10, maxConcurrency: 2 });
  }
}
