import type { OrchestratorConnection, OrchestratorConnections } from '../orchestrator-connections.ts';
import type { RuntimeFunction } from './runtime-function.ts';

/** Lets a function start, look at and stop runs with every connection of the stage, and nothing else of it. */
export function reachOrchestrators(target: RuntimeFunction, connections: OrchestratorConnections): void {
  target.set('ORCHESTRATORS', JSON.stringify(connections));
  for (const connection of Object.values(connections)) reach(target, connection);
}

function reach(target: RuntimeFunction, connection: OrchestratorConnection): void {
  if (connection.kind === 'maestro') readSecrets(target, [connection.secretArn]);
  else if (connection.kind === 'metaflow-argo')
    readSecrets(target, [connection.secretArn, connection.metadataSecretArn]);
  else if (connection.kind === 'sagemaker-pipelines')
    startAndDescribe(target, connection.pipelineArns, {
      start: 'sagemaker:StartPipelineExecution',
      ofRuns: ['sagemaker:DescribePipelineExecution', 'sagemaker:StopPipelineExecution'],
      runsOf: (arn) => `${arn}/execution/*`,
    });
  else
    startAndDescribe(target, connection.stateMachineArns, {
      start: 'states:StartExecution',
      ofRuns: ['states:DescribeExecution', 'states:StopExecution'],
      runsOf: (arn) => `${arn.replace(':stateMachine:', ':execution:')}:*`,
    });
}

function readSecrets(target: RuntimeFunction, arns: readonly (string | undefined)[]): void {
  const given = arns.filter((arn) => arn !== undefined);
  if (given.length > 0) target.allow(['secretsmanager:GetSecretValue'], given);
}

type Calls = { readonly start: string; readonly ofRuns: readonly string[]; readonly runsOf: (arn: string) => string };

function startAndDescribe(target: RuntimeFunction, arns: readonly string[], { start, ofRuns, runsOf }: Calls): void {
  target.allow([start], arns).allow(ofRuns, arns.map(runsOf));
  for (const arn of arns)
    target.acceptWildcard(runsOf(arn), 'Every run of this pipeline; runs are named when they start');
}
