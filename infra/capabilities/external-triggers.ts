import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { dependencyChangeType, externalTriggerType } from '../../shared/names.ts';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { failureQueue, workQueue } from '../parts/queue.ts';

/** What somebody outside asks a retrain for: an event on the bus, or a signed webhook. */
export class ExternalTriggers extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { alarms, bus, settings } = props;
    // Who is affected by a change upstream is read from the graph.
    const options = { timeout: Duration.minutes(2), memory: 1_769 };
    const take = this.walksGraph(this.writer('retraining/take-external-events', options));
    const queue = workQueue(this, 'ExternalTriggers', { alarms, visibilityTimeout: Duration.minutes(12) });
    alarms.addWaiting('ExternalTriggers', queue, Duration.minutes(30));
    new Rule(this, 'ExternalTriggersRule', {
      eventBus: bus,
      eventPattern: { detailType: [externalTriggerType, dependencyChangeType] },
      targets: [new SqsQueue(queue, { deadLetterQueue: failureQueue(this, 'ExternalTriggersUndelivered', alarms) })],
    });
    take.takeFrom(queue, { batchSize: 10 });

    const { partition, region, account } = Stack.of(this);
    const prefix = `runway/${settings.stage}/triggers/`;
    const secrets = `arn:${partition}:secretsmanager:${region}:${account}:secret:${prefix}*`;
    this.writer('retraining/receive-trigger')
      .allow(['secretsmanager:GetSecretValue'], [secrets])
      .acceptWildcard(secrets, 'Teams make the keys of their models themselves, under this prefix and their own name')
      .set('TRIGGER_SECRET_PREFIX', prefix);
  }
}
