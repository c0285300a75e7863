import { Duration, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarm.ts';
import { failureQueue, failuresTo } from './queue.ts';
import type { RuntimeFunction } from './runtime-function.ts';

export interface EveryMinutesProps {
  readonly minutes: number;
  readonly target: RuntimeFunction;
  readonly description: string;
  readonly alarms: Alarms;
  /** @default true */
  readonly enabled?: boolean;
}

/** Calls a function every so many minutes with `{ scheduledTime }`, which is its only notion of now. */
export function everyMinutes(scope: Construct, id: string, props: EveryMinutesProps): Schedule {
  const failures = failureQueue(scope, `${id}Failures`, props.alarms);
  // Scheduler's own dead letters are calls that never reached Lambda; a call that threw ends in Lambda's.
  props.target.lambda.configureAsyncInvoke({
    onFailure: failuresTo(failures),
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
  });
  return new Schedule(scope, id, {
    description: props.description,
    schedule: ScheduleExpression.rate(Duration.minutes(props.minutes)),
    enabled: props.enabled ?? true,
    target: new LambdaInvoke(props.target.lambda, {
      input: ScheduleTargetInput.fromObject({ scheduledTime: '<aws.scheduler.scheduled-time>' }),
      deadLetterQueue: failures,
      role: callerRole(scope, `${id}Role`, props.target, failures),
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
    }),
  });
}

/** CDK's own role may also call every version of the function, which no schedule does. */
function callerRole(scope: Construct, id: string, target: RuntimeFunction, failures: IQueue): IRole {
  const stack = Stack.of(scope);
  const group = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group } },
    }),
  });
  const { functionArn } = target.lambda;
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [failures.queueArn] }));
  return role.withoutPolicyUpdates();
}
