import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Holds what could not be processed for as long as SQS allows, so that a person can redrive it. */
export function deadLetterQueue(scope: Construct, id: string): Queue {
  return new Queue(scope, id, { retentionPeriod: Duration.days(14), enforceSSL: true, encryption: QueueEncryption.SQS_MANAGED });
}

/** A queue with its dead-letter queue. `visibilityTimeout` must be at least six times its consumer's timeout. */
export function queueWithDeadLetters(scope: Construct, id: string, options: { readonly visibilityTimeout: Duration; readonly maximumReceives?: number }): Queue {
  return new Queue(scope, id, {
    visibilityTimeout: options.visibilityTimeout,
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
    deadLetterQueue: { queue: deadLetterQueue(scope, `${id}DeadLetters`), maxReceiveCount: options.maximumReceives ?? 5 },
  });
}
