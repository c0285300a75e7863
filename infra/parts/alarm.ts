import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { accept } from './accept.ts';

export interface AlarmsProps {
  /** @default nobody: alarms reach the topic only */
  readonly email: string | undefined;
}

/** `page` wakes somebody; a `ticket` waits for the morning. */
export type Severity = 'page' | 'ticket';

export interface RunbookAlarmProps {
  /** Heading in docs/runbook.md; a test compares both. Several alarms may share one. */
  readonly heading: string;
  /** Which of those that share the heading, e.g. a function's path. @default the only one */
  readonly subject?: string;
  readonly severity: Severity;
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default at the threshold and above */
  readonly comparison?: ComparisonOperator;
  /** @default 1 */
  readonly periods?: number;
  /** How many of the periods have to breach. @default all */
  readonly breaching?: number;
  /** @default not breaching: most metrics here have data only while something happens */
  readonly missing?: TreatMissingData;
}

/** The topic that alarms go to, and every alarm. Each leads from its description to its heading in the runbook. */
export class Alarms extends Construct {
  readonly topic: Topic;
  /** Every alarm that tells somebody. */
  readonly telling: AlarmBase[] = [];
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    // CloudWatch may not use the key that AWS manages for SNS, so the topic needs one of its own.
    const masterKey = new Key(this, 'Key', { description: 'Runway alarms on their way', enableKeyRotation: true });
    const cloudwatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    masterKey.grantEncryptDecrypt(cloudwatch);
    this.topic = new Topic(this, 'Topic', { displayName: 'Runway alarms', enforceSSL: true, masterKey });
    // The policy that demands TLS replaces the one that lets the account's own alarms in.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudwatch],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (props.email !== undefined) this.mailTo(props.email);
    this.action = new SnsAction(this.topic);
  }

  add(id: string, props: RunbookAlarmProps): Alarm {
    const alarm = this.make(id, props);
    this.notify(alarm);
    return alarm;
  }

  /** Goes off while all parts do; only the whole tells anybody. */
  addJoint(id: string, props: Pick<RunbookAlarmProps, 'heading' | 'severity'>, parts: readonly RunbookAlarmProps[]) {
    const rules: IAlarmRule[] = parts.map((part, index) => this.make(`${id}Part${index + 1}`, part));
    const whole = new CompositeAlarm(this, id, {
      alarmDescription: describe(props),
      alarmRule: AlarmRule.allOf(...rules),
    });
    this.notify(whole);
    return whole;
  }

  /** One message in a dead-letter queue is one piece of work that nobody does. The queue's id is the heading. */
  addDeadLetters(queueId: string, queue: IQueue): Alarm {
    const metric = queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    });
    return this.add(queueId, { heading: wordsOf(queueId), severity: 'ticket', metric, threshold: 1 });
  }

  /** Work that waits longer than its consumer ever takes. The queue's id is the heading. */
  addWaiting(queueId: string, queue: IQueue, atMost: Duration): Alarm {
    const metric = queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' });
    const threshold = atMost.toSeconds();
    return this.add(`${queueId}Waiting`, {
      heading: `${wordsOf(queueId)} waiting`,
      severity: 'ticket',
      metric,
      threshold,
    });
  }

  /** Records that reach their consumer late: the age of the youngest in each batch. The id is the heading. */
  addLag(id: string, consumer: IFunction, atMost: Duration): Alarm {
    const metric = consumer.metric('IteratorAge', { period: Duration.minutes(5), statistic: 'Maximum' });
    const threshold = atMost.toMilliseconds();
    return this.add(id, { heading: wordsOf(id), severity: 'page', metric, threshold, periods: 2 });
  }

  /**
   * Three failures within a quarter of an hour: one that succeeds when it is tried again is no fault, and a scheduled call
   * with its two retries makes exactly three.
   */
  addFunction(path: string, target: IFunction): Alarm {
    const sum = { period: Duration.minutes(15), statistic: 'Sum' };
    const metric = new MathExpression({
      expression: 'FILL(errors, 0) + FILL(throttles, 0)',
      usingMetrics: { errors: target.metricErrors(sum), throttles: target.metricThrottles(sum) },
      period: sum.period,
      label: `failures of ${path}`,
    });
    const id = path.replace(/(^|[/-])(\w)/g, (_match, _separator, letter: string) => letter.toUpperCase());
    return this.add(`${id}Failing`, {
      heading: 'Function failing',
      subject: path,
      severity: 'ticket',
      metric,
      threshold: 3,
    });
  }

  private mailTo(email: string): void {
    const subscription = this.topic.addSubscription(new EmailSubscription(email));
    accept(
      subscription,
      'Serverless-SNSRedrivePolicy',
      'Dead letters are for what an endpoint refuses; a mail has left, and the alarm stays on the dashboard',
    );
  }

  private make(id: string, props: RunbookAlarmProps): Alarm {
    const { metric, threshold, periods = 1, breaching = periods } = props;
    return new Alarm(this, id, {
      alarmDescription: describe(props),
      metric,
      threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: breaching,
      comparisonOperator: props.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: props.missing ?? TreatMissingData.NOT_BREACHING,
    });
  }

  private notify(alarm: AlarmBase): void {
    alarm.addAlarmAction(this.action);
    alarm.addOkAction(this.action);
    this.telling.push(alarm);
  }
}

/** `Join failures: ticket, see docs/runbook.md#join-failures` */
function describe({ heading, subject, severity }: Pick<RunbookAlarmProps, 'heading' | 'subject' | 'severity'>): string {
  const which = subject === undefined ? '' : `${subject}, `;
  return `${heading}: ${which}${severity}, see docs/runbook.md#${heading.toLowerCase().replaceAll(' ', '-')}`;
}

function wordsOf(id: string): string {
  return id.replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}
