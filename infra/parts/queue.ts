import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IDestination, IEventSourceDlq, IFunction } from 'aws-cdk-lib/aws-lambda';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { accept } from './accept.ts';
import type { Alarms } from './alarm.ts';

/** Holds what could not be processed for as long as SQS allows, so that a person can redrive it; alarms on the first. */
export function deadLetterQueue(scope: Construct, id: string, alarms: Alarms): Queue {
  const queue = new Queue(scope, id, {
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
  });
  alarms.addDeadLetters(id, queue);
  accept(
    queue,
    'Serverless-SQSRedrivePolicy',
    'Is itself where messages end: the alarm calls a person, who redrives them',
  );
  return queue;
}

/** A dead-letter queue of what is no queue: a stream's consumer, an asynchronous call, a rule, a schedule. */
export function failureQueue(scope: Construct, id: string, alarms: Alarms): Queue {
  const queue = deadLetterQueue(scope, id, alarms);
  accept(
    queue,
    'AwsSolutions-SQS3',
    'Is a dead-letter queue, which shows at what fails into it and not at another queue',
  );
  return queue;
}

/**
 * Where Lambda puts what a stream's consumer, or an asynchronous call, failed on. CDK's own `SqsDlq` and
 * `SqsDestination` let the function also look the queue up, which nobody does.
 */
export function failuresTo(queue: IQueue): IEventSourceDlq & IDestination {
  return {
    bind(_source: unknown, target: IFunction) {
      target.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
      return { destination: queue.queueArn };
    },
  };
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
