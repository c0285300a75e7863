import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarm.ts';

/** Holds what could not be processed for as long as SQS allows, so that a person can redrive it; alarms on the first. */
export function deadLetterQueue(scope: Construct, id: string, alarms: Alarms): Queue {
  const queue = new Queue(scope, id, {
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
  });
  alarms.addDeadLetters(id, queue);
  return queue;
}

export interface WorkQueueProps {
  readonly alarms: Alarms;
  /** At least six times its consumer's timeout, as Lambda asks. */
  readonly visibilityTimeout: Duration;
  /** @default 5 */
  readonly maximumReceives?: number;
}

/** A queue with its dead-letter queue. */
export function workQueue(scope: Construct, id: string, props: WorkQueueProps): Queue {
  return new Queue(scope, id, {
    visibilityTimeout: props.visibilityTimeout,
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
    deadLetterQueue: {
      queue: deadLetterQueue(scope, `${id}DeadLetters`, props.alarms),
      maxReceiveCount: props.maximumReceives ?? 5,
    },
  });
}
