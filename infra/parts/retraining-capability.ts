import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { eventSource } from '../../shared/names.ts';
import { Capability } from './capability.ts';
import { failureQueue, workQueue } from './queue.ts';
import type { RuntimeFunction } from './runtime-function.ts';

/** Bindings of what decides about retrains. */
export abstract class RetrainingCapability extends Capability {
  protected freezes(target: RuntimeFunction): void {
    target.set('RETRAIN_FREEZE', this.shared.settings.retrainFreeze ?? 'none');
  }

  /** Domain events wait in a queue, so that a failing consumer loses none and shows its backlog. */
  protected consumes(
    id: string,
    consumer: RuntimeFunction,
    visibilityTimeout: Duration,
    pattern: { detailType: string[]; detail?: Record<string, unknown> },
  ): Queue {
    const { alarms } = this.shared;
    const queue = workQueue(this, id, { alarms, visibilityTimeout });
    alarms.addWaiting(id, queue, Duration.minutes(30));
    new Rule(this, `${id}Rule`, {
      eventBus: this.shared.bus,
      eventPattern: { source: [eventSource], ...pattern },
      targets: [new SqsQueue(queue, { deadLetterQueue: failureQueue(this, `${id}Undelivered`, alarms) })],
    });
    consumer.takeFrom(queue, { batchSize: 10 });
    return queue;
  }
}
