import { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { Alarms } from './alarm.ts';
import { deadLetterQueue, failuresTo } from './queue.ts';
import type { RuntimeFunction } from './runtime-function.ts';

export interface EveryMinutesProps {
  readonly minutes: number;
  readonly target: RuntimeFunction;
  readonly description: string;
  readonly alarms: Alarms;
}

/** Calls a function every so many minutes with `{ scheduledTime }`, which is its only notion of now. */
export function everyMinutes(scope: Construct, id: string, props: EveryMinutesProps): Schedule {
  const failures = deadLetterQueue(scope, `${id}Failures`, props.alarms);
  // Scheduler's own dead letters are calls that never reached Lambda; a call that threw ends in Lambda's.
  props.target.lambda.configureAsyncInvoke({
    onFailure: failuresTo(failures),
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
  });
  return new Schedule(scope, id, {
    description: props.description,
    schedule: ScheduleExpression.rate(Duration.minutes(props.minutes)),
    target: new LambdaInvoke(props.target.lambda, {
      input: ScheduleTargetInput.fromObject({ scheduledTime: '<aws.scheduler.scheduled-time>' }),
      deadLetterQueue: failures,
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
    }),
  });
}
