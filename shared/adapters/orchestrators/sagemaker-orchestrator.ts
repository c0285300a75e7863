import { createHash } from 'node:crypto';
import { toInstant } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { Orchestrator, RunHandle, RunStatus, StartRequest } from '../../ports/orchestrator.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import { answerOf, shortReason } from './answer-of.ts';
import { type CallLimits, createJsonCaller, type JsonAnswer } from './call-json.ts';
import { createSignRequest } from './sign-request.ts';

export type SageMakerOptions = CallLimits & {
  /** ARNs of what may be started, all of one region; a pipeline is the name of one. */
  readonly pipelines: readonly string[];
  /** @default SageMaker's in their region */
  readonly endpoint?: string | undefined;
};

const service = 'SageMaker';

/** Seconds since the epoch, with fractions. */
const secondsSchema = z
  .number()
  .nullish()
  .transform((seconds) => (seconds ? toInstant(Math.round(seconds * 1_000)) : undefined));
const startedSchema = z.object({ PipelineExecutionArn: z.string().min(1) });
const executionSchema = z.object({
  PipelineExecutionStatus: z.enum(['Executing', 'Stopping', 'Stopped', 'Failed', 'Succeeded']),
  FailureReason: z.string().nullish(),
  CreationTime: secondsSchema,
  LastModifiedTime: secondsSchema,
});
const errorSchema = z.object({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() });

const states: Readonly<Record<z.output<typeof executionSchema>['PipelineExecutionStatus'], RunStatus['state']>> = {
  Executing: 'running',
  Stopping: 'running',
  Stopped: 'stopped',
  Failed: 'failed',
  Succeeded: 'succeeded',
};

/** Say of the moment, not of the request. */
const unavailable: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ResourceLimitExceeded',
  'AccessDeniedException',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'InternalFailure',
  'ServiceUnavailable',
]);

/**
 * SageMaker Pipelines by its JSON 1.1 protocol, without the SDK's client: of its several hundred operations three are
 * used. A start is idempotent by its `ClientRequestToken`. A pipeline must declare every parameter that it is given.
 */
export function createSageMakerOrchestrator({ pipelines, endpoint, ...limits }: SageMakerOptions): Orchestrator {
  const region = pipelines[0]?.split(':')[3] ?? 'us-east-1';
  const url = new URL(endpoint ?? `https://api.sagemaker.${region}.amazonaws.com/`);
  const callJson = createJsonCaller(service, limits);
  const sign = createSignRequest('sagemaker', region, url);
  const call = async (operation: string, input: unknown): Promise<JsonAnswer> => {
    const body = JSON.stringify(input);
    const target = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `SageMaker.${operation}` };
    return expectAvailable(await callJson({ method: 'POST', url, headers: await sign(target, body), body }));
  };
  return {
    start: async (request) => {
      const { pipeline } = request;
      if (!pipelines.some((arn) => arn.endsWith(`:pipeline/${pipeline.toLowerCase()}`)))
        return { outcome: 'refused', reason: `the connection has no pipeline ${JSON.stringify(pipeline)}` };
      const answer = await call('StartPipelineExecution', startInput(request));
      if (!answer.ok) return { outcome: 'refused', reason: reasonOf(answer) };
      const { PipelineExecutionArn: id } = answerOf(service, startedSchema, answer.body);
      // The same token gives the same execution, and does not say whether it is a new one.
      const outcome = request.askedBefore === undefined ? 'started' : 'already-started';
      return { outcome, run: { id, pipeline, requestedAt: request.now } };
    },
    status: async ({ id }) => {
      const answer = await call('DescribePipelineExecution', { PipelineExecutionArn: id });
      if (!answer.ok) {
        if (codeOf(answer) === 'ResourceNotFound') return { state: 'unknown', reason: reasonOf(answer) };
        throw dependencyUnavailable(service, new Error(reasonOf(answer)));
      }
      return statusOf(answerOf(service, executionSchema, answer.body));
    },
    stop: async (run: RunHandle) => {
      const token = tokenOf(`stop:${run.id}`);
      const answer = await call('StopPipelineExecution', { PipelineExecutionArn: run.id, ClientRequestToken: token });
      return answer.ok ? { outcome: 'asked' } : { outcome: 'refused', reason: reasonOf(answer) };
    },
  };
}

function startInput({ pipeline, requestId, parameters }: StartRequest): unknown {
  return {
    PipelineName: pipeline,
    PipelineExecutionDisplayName: requestId.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 82),
    PipelineParameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
    ClientRequestToken: tokenOf(requestId),
  };
}

/** 32 to 128 letters and digits. */
function tokenOf(requestId: string): string {
  return createHash('sha256').update(`runway:${requestId}`).digest('hex');
}

type Execution = z.output<typeof executionSchema>;

function statusOf({ PipelineExecutionStatus, FailureReason, CreationTime, LastModifiedTime }: Execution): RunStatus {
  const state = states[PipelineExecutionStatus];
  return {
    state,
    ...(state === 'failed' && { reason: shortReason('the pipeline failed', FailureReason) }),
    ...(CreationTime !== undefined && { startedAt: CreationTime }),
    ...(state !== 'running' && LastModifiedTime !== undefined && { endedAt: LastModifiedTime }),
  };
}

function expectAvailable(answer: JsonAnswer): JsonAnswer {
  const code = codeOf(answer);
  if (!answer.ok && (code === undefined || unavailable.has(code)))
    throw dependencyUnavailable(service, new Error(reasonOf(answer)));
  return answer;
}

/** `com.amazonaws.sagemaker#ResourceNotFound` or the name alone; undefined when it is no error of SageMaker's. */
function codeOf({ body }: JsonAnswer): string | undefined {
  return errorSchema.safeParse(body).data?.__type.split('#').at(-1);
}

function reasonOf({ status, body }: JsonAnswer): string {
  const { message, Message } = errorSchema.safeParse(body).data ?? {};
  return shortReason(`SageMaker answers ${status}`, codeOf({ ok: false, status, body }), message ?? Message);
}
