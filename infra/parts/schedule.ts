import { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { deadLetterQueue } from './queue.ts';
import type { RuntimeFunction } from './runtime-function.ts';

/** Calls a function every so many minutes with `{ scheduledTime }`, which is its only notion of now. */
export function everyMinutes(scope: Construct, id: string, minutes: number, target: RuntimeFunction, description: string): Schedule {
  return new Schedule(scope, id, {
    description,
    schedule: ScheduleExpression.rate(Duration.minutes(minutes)),
    target: new LambdaInvoke(target.lambda, {
      input: ScheduleTargetInput.fromObject({ scheduledTime: '<aws.scheduler.scheduled-time>' }),
      deadLetterQueue: deadLetterQueue(scope, `${id}Failures`),
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
    }),
  });
}
