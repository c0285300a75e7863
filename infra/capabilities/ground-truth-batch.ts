import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { failureQueue, failuresTo, workQueue } from '../parts/queue.ts';

/** The slow and exact half of ground truth: every event kept in Parquet, and joined again by day. */
export class GroundTruthBatch extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    this.archive();
    this.sageMaker();
  }

  private archive(): void {
    const { state, alarms } = this.shared;
    const archive = this.readsWriterKeys(
      // One whole processor: a shard's megabyte per second is unpacked and packed again by one invocation after the other.
      this.reader('ground-truth/archive-events', { timeout: Duration.minutes(2), memory: 1_769 }),
    )
      .bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem'])
      .bindBucket('GROUND_TRUTH_BUCKET', state.groundTruthBucket, ['s3:PutObject'], 'raw/*');
    const failures = failureQueue(this, 'ArchiveFailures', alarms);
    new CfnOutput(Stack.of(this), 'ArchiveFailuresQueueUrl', { value: failures.queueUrl });
    archive.lambda.addEventSource(
      new KinesisEventSource(state.eventStream, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        // As large and as rare as Lambda allows: each batch is at least one file, and 6 MB end it anyway.
        batchSize: 10_000,
        maxBatchingWindow: Duration.minutes(5),
        bisectBatchOnError: true,
        // Beyond the tenth they are a minute apart: an outage of half an hour is waited for.
        retryAttempts: 40,
        // Of the stream's seven days, four are left for the redrive.
        maxRecordAge: Duration.days(3),
        reportBatchItemFailures: true,
        onFailure: failuresTo(failures),
      }),
    );
    alarms.addLag('ArchiveLag', archive.lambda, Duration.minutes(30));
  }
  /** Files that SageMaker, or who labels its captures, puts under `sagemaker/`. */
  private sageMaker(): void {
    const { state, alarms } = this.shared;
    const { eventStream, groundTruthBucket } = state;
    const visibilityTimeout = Duration.minutes(30);
    const queue = workQueue(this, 'SagemakerFiles', { alarms, visibilityTimeout });
    alarms.addWaiting('SagemakerFiles', queue, Duration.hours(1));
    new Rule(this, 'SagemakerFilesRule', {
      description: 'Captured inferences and labels of SageMaker, as they are put into the bucket',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [groundTruthBucket.bucketName] }, object: { key: [{ prefix: 'sagemaker/' }] } },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: failureQueue(this, 'SagemakerFilesUndelivered', alarms) })],
    });
    this.readsWriterKeys(this.reader('ground-truth/import-sagemaker', { timeout: Duration.minutes(5), memory: 1_024 }))
      .bindTable('HEALTH_TABLE', state.healthTable, ['dynamodb:GetItem'])
      .bindBucket('GROUND_TRUTH_BUCKET', groundTruthBucket, ['s3:GetObject'], 'sagemaker/*')
      .bindBucket('FAILURE_BUCKET', state.failureBucket, ['s3:PutObject'], 'poison/*')
      .allow(['kinesis:PutRecords'], [eventStream.streamArn])
      .set('EVENT_STREAM', eventStream.streamName)
      .takeFrom(queue, { batchSize: 1, maxConcurrency: 5 });
  }
}
