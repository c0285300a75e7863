import { RunwayError } from '../../domain/errors.ts';
import * as z from '../../domain/zod.ts';
import { runOfMaestroEvent } from './maestro-orchestrator.ts';

const maestroSchema = z.object({ type: z.string().endsWith('_EVENT') });
/** How SNS wraps a message where a subscription is not raw. */
const notificationSchema = z.object({ Type: z.literal('Notification'), Message: z.string() });
const executionSchema = z.discriminatedUnion('source', [
  z.object({
    source: z.literal('aws.states'),
    detail: z.object({ executionArn: z.string().startsWith('arn:'), status: z.string() }),
  }),
  z.object({
    source: z.literal('aws.sagemaker'),
    detail: z.object({
      pipelineExecutionArn: z.string().startsWith('arn:'),
      currentPipelineExecutionStatus: z.string(),
    }),
  }),
]);

const underWay: ReadonlySet<string> = new Set(['RUNNING', 'PENDING_REDRIVE', 'EXECUTING', 'STOPPING']);

/**
 * The run of which a message says that it has ended: Maestro's status changes, raw or in SNS's envelope, and EventBridge's
 * of Step Functions and SageMaker Pipelines. The message is a hint: what it says of the status is not believed, since
 * messages come twice, late and out of order. Undefined for runs that are under way, children of runs, and other events.
 * Throws `InvalidRequest` for anything else.
 */
export function endedRunOf(text: string): string | undefined {
  const event = parsed(text);
  const notification = notificationSchema.safeParse(event);
  if (notification.success) return endedRunOf(notification.data.Message);
  if (maestroSchema.safeParse(event).success) {
    const run = runOfMaestroEvent(event);
    return run?.hasEnded ? run.id : undefined;
  }
  const execution = executionSchema.safeParse(event);
  if (!execution.success) throw unreadable(z.prettifyError(execution.error));
  const { data } = execution;
  if (data.source === 'aws.states')
    return underWay.has(data.detail.status.toUpperCase()) ? undefined : data.detail.executionArn;
  const { pipelineExecutionArn, currentPipelineExecutionStatus } = data.detail;
  return underWay.has(currentPipelineExecutionStatus.toUpperCase()) ? undefined : pipelineExecutionArn;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
}

function unreadable(reason: string): RunwayError {
  return new RunwayError('InvalidRequest', 'invalid-request', `expected an event about a run: ${reason.slice(0, 500)}`);
}
