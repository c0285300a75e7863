import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { workQueue } from '../parts/queue.ts';
import { everyMinutes } from '../parts/schedule.ts';

export interface LabelTrustProps extends CapabilityProps {
  /** Where models are sent that are to be evaluated anew. */
  readonly scanQueue: IQueue;
}

/** Whose labels count, and the restatement of what was counted when that changes. */
export class LabelTrust extends Capability {
  constructor(scope: Construct, id: string, props: LabelTrustProps) {
    super(scope, id, props);
    const { alarms, state, scanQueue } = props;
    const visibilityTimeout = Duration.minutes(90);
    const queue = workQueue(this, 'Restatements', { alarms, visibilityTimeout });
    alarms.addWaiting('Restatements', queue, Duration.hours(1));
    new CfnOutput(Stack.of(this), 'RestatementQueueUrl', { value: queue.queueUrl });
    for (const path of ['ground-truth/distrust-writer', 'ground-truth/trust-writer'])
      this.writer(path).allow(['sqs:SendMessage'], [queue.queueArn]).set('RESTATEMENT_QUEUE_URL', queue.queueUrl);
    this.reader('ground-truth/list-restatements', { reads: ['lists'] });

    const options = { timeout: Duration.minutes(15), memory: 1_769, reads: ['lists'] } as const;
    const restate = this.worker('ground-truth/restate-outcomes', options)
      .bindTable('GROUND_TRUTH_TABLE', state.groundTruthTable, [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
      ])
      .allow(['sqs:SendMessage'], [queue.queueArn, scanQueue.queueArn])
      .set('RESTATEMENT_QUEUE_URL', queue.queueUrl)
      .set('SCAN_QUEUE_URL', scanQueue.queueUrl);
    // One model each; more at once would take the table from the stream's join.
    restate.takeFrom(queue, { batchSize: 1, maxConcurrency: 5 });
    everyMinutes(this, 'RestatementSchedule', {
      minutes: this.shared.settings.sweepIntervalMinutes,
      target: restate,
      description: 'Takes up restatements that a lost message or a crash left behind',
      alarms,
    });
  }
}
