import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { OrchestratorConnection, OrchestratorConnections } from '../orchestrator-connections.ts';
import type { Alarms } from './alarm.ts';
import { failureQueue, workQueue } from './queue.ts';

/** At least six times the consumer's timeout. */
const visibilityTimeout = Duration.minutes(24);

/**
 * A queue of what orchestrators tell about runs, for those connections that tell anything: Maestro's topic, the account's
 * own events of state machines and pipelines. Undefined when there is none: then runs are polled only.
 */
export function runEvents(scope: Construct, connections: OrchestratorConnections, alarms: Alarms): Queue | undefined {
  const all = Object.values(connections);
  const topics = all.flatMap((connection) =>
    connection.kind === 'maestro' && connection.eventTopicArn !== undefined ? [connection.eventTopicArn] : [],
  );
  const patterns = patternsOf(all);
  if (topics.length === 0 && patterns.length === 0) return undefined;
  const queue = workQueue(scope, 'RunEvents', { alarms, visibilityTimeout });
  alarms.addWaiting('RunEvents', queue, Duration.minutes(30));
  for (const arn of new Set(topics))
    Topic.fromTopicArn(scope, `RunEventsTopic${arn.split(':').at(-1)}`, arn).addSubscription(
      new SqsSubscription(queue, { rawMessageDelivery: true }),
    );
  if (patterns.length === 0) return queue;
  const deadLetterQueue = failureQueue(scope, 'RunEventsUndelivered', alarms);
  for (const { id, ...eventPattern } of patterns)
    new Rule(scope, id, { eventPattern, targets: [new SqsQueue(queue, { deadLetterQueue })] });
  return queue;
}

function patternsOf(connections: readonly OrchestratorConnection[]) {
  const machines = connections.flatMap((one) => ('stateMachineArns' in one ? one.stateMachineArns : []));
  const pipelines = connections.flatMap((one) => ('pipelineArns' in one ? one.pipelineArns : []));
  const executions = {
    id: 'RunEventsOfExecutions',
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: machines, status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
  };
  const ofPipelines = {
    id: 'RunEventsOfPipelines',
    source: ['aws.sagemaker'],
    detailType: ['SageMaker Model Building Pipeline Execution Status Change'],
    detail: { pipelineArn: pipelines, currentPipelineExecutionStatus: ['Succeeded', 'Failed', 'Stopped'] },
  };
  return [...(machines.length > 0 ? [executions] : []), ...(pipelines.length > 0 ? [ofPipelines] : [])];
}
