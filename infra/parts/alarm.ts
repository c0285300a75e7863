import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface RunbookAlarmProps {
  readonly topic: ITopic;
  /** Heading in docs/runbook.md; a test compares both. */
  readonly heading: string;
  readonly metric: IMetric;
  /** Goes off at this value and above. */
  readonly threshold: number;
}

/** An alarm whose description leads to its heading in the runbook. */
export function runbookAlarm(scope: Construct, id: string, props: RunbookAlarmProps): Alarm {
  const anchor = props.heading.toLowerCase().replaceAll(' ', '-');
  const alarm = new Alarm(scope, id, {
    alarmDescription: `${props.heading}: see docs/runbook.md#${anchor}`,
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(props.topic));
  alarm.addOkAction(new SnsAction(props.topic));
  return alarm;
}

/** One message in a dead-letter queue is one piece of work that nobody does. The queue's id is the heading. */
export function deadLetterAlarm(scope: Construct, queueId: string, topic: ITopic, queue: IQueue): Alarm {
  const words = queueId.replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  const metric = queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' });
  return runbookAlarm(scope, `${queueId}Alarm`, { topic, heading: words, metric, threshold: 1 });
}
