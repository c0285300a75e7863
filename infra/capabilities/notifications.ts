import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventSource, notifyingEventNames } from '../../shared/names.ts';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { failureQueue, workQueue } from '../parts/queue.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { runwayMetric } from '../parts/runway-metric.ts';
import { everyMinutes } from '../parts/schedule.ts';

/** What SQS cannot hold back is taken up so many times as often as other sweeps: people wait for it. */
const sweepsOfOthers = 4;

/** Who is told of what, how often it was tried, and who has taken it on. */
export class Notifications extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { alarms } = props;
    // Six times its consumer's minute.
    const deliveries = workQueue(this, 'NotificationDeliveries', { alarms, visibilityTimeout: Duration.minutes(6) });
    alarms.addWaiting('NotificationDeliveries', deliveries, Duration.minutes(30));
    this.reader('notifications/get-notification-targets');
    for (const path of ['notifications/list-incidents', 'notifications/list-notifications'])
      this.reader(path, { reads: ['lists'] });
    // A PUT and an acknowledgement repeat by nature and remember no key.
    this.worker('notifications/set-notification-targets');
    sendsTo(deliveries, this.worker('notifications/acknowledge-incident'));
    sendsTo(deliveries, this.writer('notifications/replay-notification'));
    this.raise(deliveries);
    this.deliver(deliveries);
  }

  private raise(deliveries: Queue): void {
    const { alarms, bus } = this.shared;
    const raise = this.worker('notifications/raise-incidents', { timeout: Duration.minutes(1), reads: ['commits'] });
    const queue = workQueue(this, 'IncidentEvents', { alarms, visibilityTimeout: Duration.minutes(6) });
    alarms.addWaiting('IncidentEvents', queue, Duration.minutes(30));
    new Rule(this, 'IncidentEventsRule', {
      eventBus: bus,
      eventPattern: { source: [eventSource], detailType: [...notifyingEventNames] },
      targets: [new SqsQueue(queue, { deadLetterQueue: failureQueue(this, 'IncidentEventsUndelivered', alarms) })],
    });
    sendsTo(deliveries, raise).takeFrom(queue, { batchSize: 10 });
  }

  private deliver(deliveries: Queue): void {
    const { alarms, settings } = this.shared;
    const { partition, region, account } = Stack.of(this);
    const deliver = this.worker('notifications/deliver-notifications', {
      timeout: Duration.minutes(1),
      reads: ['lists'],
    });
    const secretPrefix = `runway/${settings.stage}/notifications/`;
    const secrets = `arn:${partition}:secretsmanager:${region}:${account}:secret:${secretPrefix}*`;
    const topicPrefix = `arn:${partition}:sns:${region}:${account}:runway_${settings.stage}_`;
    sendsTo(deliveries, deliver)
      .allow(['secretsmanager:GetSecretValue'], [secrets])
      .acceptWildcard(secrets, 'Teams make their secrets themselves, under this prefix of the stage and their own name')
      .set('NOTIFICATION_SECRET_PREFIX', secretPrefix)
      .allow(['sns:Publish'], [`${topicPrefix}*`])
      .acceptWildcard(`${topicPrefix}*`, 'Teams make their topics themselves, under this prefix and their own name')
      .set('NOTIFICATION_TOPIC_PREFIX', topicPrefix);
    // Few at once, each waiting for a stranger's answer ten seconds at most.
    deliver.takeFrom(deliveries, { batchSize: 5, maxConcurrency: 10 });
    everyMinutes(this, 'NotificationSchedule', {
      minutes: Math.ceil(settings.sweepIntervalMinutes / sweepsOfOthers),
      target: deliver,
      description: 'Ended quiet hours, long waits between attempts, and deliveries that were lost on their way',
      alarms,
    });
    alarms.add('NotificationsUndelivered', {
      heading: 'Notifications undelivered',
      severity: 'ticket',
      metric: runwayMetric('NotificationsUndelivered', { period: Duration.minutes(15), statistic: 'Sum' }),
      threshold: 1,
    });
  }
}

function sendsTo(queue: Queue, target: RuntimeFunction): RuntimeFunction {
  return target.allow(['sqs:SendMessage'], [queue.queueArn]).set('NOTIFICATION_QUEUE_URL', queue.queueUrl);
}
