import { createSageMakerOrchestrator } from '../../../shared/adapters/orchestrators/sagemaker-orchestrator.ts';
import { toMillis } from '../../../shared/domain/time.ts';
import type { StandIn } from './orchestrator.contract.ts';
import { type Answer, createStandInServer } from './stand-in-server.ts';

type Execution = { readonly arn: string; readonly requestId: string; status: string; at: number };
type Input = {
  readonly PipelineName: string;
  readonly PipelineExecutionArn: string;
  readonly ClientRequestToken: string;
  readonly PipelineParameters: readonly { readonly Name: string; readonly Value: string }[];
};

const pipeline = 'arn:aws:sagemaker:eu-west-1:123456789012:pipeline/ranker-train';
const type = 'application/x-amz-json-1.1';
const done = (body: unknown): Answer => ({ status: 200, body, type });
const refuse = (name: string, Message: string): Answer => ({ status: 400, body: { __type: name, Message }, type });

/** Speaks SageMaker's JSON protocol, as documented: the same token gives the same execution. */
export async function createSageMakerStandIn(): Promise<StandIn> {
  const executions = new Map<string, Execution>();
  const byArn = (arn: string) => [...executions.values()].find((execution) => execution.arn === arn);
  const server = await createStandInServer(({ headers, body }) => {
    const input = body as Input;
    if (!/^AWS4-HMAC-SHA256 Credential=.*\/eu-west-1\/sagemaker\/aws4_request/.test(headers.authorization ?? ''))
      return { status: 403, body: { __type: 'MissingAuthenticationTokenException' } };
    switch (headers['x-amz-target']) {
      case 'SageMaker.StartPipelineExecution':
        return start(input, executions);
      case 'SageMaker.DescribePipelineExecution':
        return describe(byArn(input.PipelineExecutionArn));
      case 'SageMaker.StopPipelineExecution':
        return byArn(input.PipelineExecutionArn) ? done({ PipelineExecutionArn: input.PipelineExecutionArn }) : none();
      default:
        return refuse('UnknownOperationException', 'no such operation');
    }
  });
  const find = (requestId: string) => [...executions.values()].filter((execution) => execution.requestId === requestId);
  return {
    server,
    pipeline: 'ranker-train',
    orchestrator: (limits) =>
      createSageMakerOrchestrator({ pipelines: [pipeline], endpoint: server.url, maximumBytes: 200_000, ...limits }),
    runsOf: (requestId) => find(requestId).length,
    end: (requestId, state, now) => {
      const status = { succeeded: 'Succeeded', failed: 'Failed', stopped: 'Stopped' }[state];
      for (const execution of find(requestId)) Object.assign(execution, { status, at: toMillis(now) / 1_000 });
    },
  };
}

const none = () => refuse('ResourceNotFound', 'Pipeline execution does not exist.');

function start(
  { PipelineName, ClientRequestToken, PipelineParameters }: Input,
  executions: Map<string, Execution>,
): Answer {
  if (PipelineName !== 'ranker-train') return refuse('ResourceNotFound', 'Pipeline does not exist.');
  if (!/^[a-zA-Z0-9-]{32,128}$/.test(ClientRequestToken)) return refuse('ValidationException', 'ClientRequestToken');
  const requestId = PipelineParameters.find(({ Name }) => Name === 'runId')?.Value ?? '';
  const arn = `${pipeline}/execution/${requestId}x${executions.size + 1}`;
  const execution = executions.get(ClientRequestToken) ?? { arn, requestId, status: 'Executing', at: 981_367_200.25 };
  executions.set(ClientRequestToken, execution);
  return done({ PipelineExecutionArn: execution.arn });
}

function describe(execution: Execution | undefined): Answer {
  if (execution === undefined) return none();
  return done({
    PipelineArn: pipeline,
    PipelineExecutionArn: execution.arn,
    PipelineExecutionStatus: execution.status,
    CreationTime: 981_367_200.25,
    LastModifiedTime: execution.at,
    ...(execution.status === 'Failed' && { FailureReason: 'Step failure: one or multiple steps failed.' }),
  });
}
