import { systemActor } from '../../domain/actor.ts';
import { requestersOf } from '../../domain/retraining/manual-trigger.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import { type ChangeContext, loadModel, planModelChange } from '../registry/change-model.ts';
import { planRollout } from '../rollout/open-rollout.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRetrain, planRetrainChange } from './change-retrain.ts';
import { loadSlots, planSlotChange } from './change-slots.ts';

/** What a workflow's Catch gives. */
type WorkflowError = { readonly Error: string; readonly Cause: string };
export type CloseRequest = {
  readonly retrainId: string;
  readonly error?: WorkflowError | undefined;
  readonly now: Instant;
  /** Which start of the retrain is closed: a late call must not end a later one. @default the present one */
  readonly requeues?: number | undefined;
  /** @default the id under which the function works */
  readonly correlationId?: string | undefined;
};
export type Closed =
  | { readonly result: 'candidate'; readonly rolloutId: string }
  | { readonly result: 'failed' | 'requeued'; readonly rolloutId: null };

/** Names of errors that say something of the orchestrator, or of the function that asks it, and nothing of the training. */
const mayBeAskedLater: ReadonlySet<string> = new Set([
  'CircuitOpen',
  'DependencyUnavailable',
  'VersionConflict',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
]);

/**
 * Ends a retrain on what its trainer reported, or, without a report, on the workflow's error. The end, the freed slot,
 * the model's lifecycle and, with a candidate, the new rollout are one append. A second call gives the first answer.
 * A retrain that nobody could be asked for goes back to the queue.
 */
export function closeRetrain(events: EventStore, request: CloseRequest): Promise<Closed> {
  const { retrainId, error } = request;
  return withRetryOnConflict(async () => {
    const head = await loadRetrain(events, retrainId);
    if (request.requeues !== undefined && request.requeues !== (head.state.requeues ?? 0))
      return { result: 'requeued', rolloutId: null };
    const ended = resultOf(head.state);
    if (ended !== undefined) return ended;
    const { completion } = head.state;
    if (completion?.status === 'succeeded') {
      return { result: 'candidate', rolloutId: await closeWithCandidate(events, head, completion, request) };
    }
    if (completion === undefined && error !== undefined && mayBeAskedLater.has(error.Error)) {
      await requeue(events, head, `${error.Error}: nobody could be asked for the training`, request);
      return { result: 'requeued', rolloutId: null };
    }
    await closeAsFailed(events, head, completion?.error ?? failureOf(error), request);
    return { result: 'failed', rolloutId: null };
  });
}

function resultOf({ status, rolloutId }: RetrainState): Closed | undefined {
  if (status === 'queued') return { result: 'requeued', rolloutId: null };
  if (status === 'succeeded' && rolloutId !== undefined) return { result: 'candidate', rolloutId };
  return status === 'failed' || status === 'cancelled' ? { result: 'failed', rolloutId: null } : undefined;
}

async function closeWithCandidate(
  events: EventStore,
  head: Head<RetrainState>,
  { modelVersion: candidate, holdout }: Extract<NonNullable<RetrainState['completion']>, { status: 'succeeded' }>,
  { now, correlationId }: CloseRequest,
): Promise<string> {
  const { retrainId, modelId } = head.state;
  const context: ChangeContext = {
    actor: systemActor('retraining'),
    now,
    correlationId,
    reason: `the training gave version ${candidate}`,
  };
  const close = { type: 'CloseRetrain', retrainId, result: 'candidate' } as const;
  const { rolloutId, commits } = await planRollout(
    events,
    { modelId, candidate, holdout, retrainId, requestedBy: requestersOf(head.state), before: [close] },
    context,
  );
  const succeed = planRetrainChange(retrainId, head, [{ type: 'SucceedRetrain', rolloutId }], context);
  await events.append([...succeed, ...(await releaseSlot(events, retrainId, context)), ...commits]);
  return rolloutId;
}

async function closeAsFailed(
  events: EventStore,
  head: Head<RetrainState>,
  reason: string,
  { now, correlationId }: CloseRequest,
): Promise<void> {
  const { retrainId, modelId } = head.state;
  const context: ChangeContext = { actor: systemActor('retraining'), now, reason, correlationId };
  const model = planModelChange(
    await loadModel(events, modelId),
    [{ type: 'CloseRetrain', retrainId, result: 'failed' }],
    context,
  );
  const fail = planRetrainChange(retrainId, head, [{ type: 'FailRetrain', reason }], context);
  await events.append([
    ...fail,
    ...(await releaseSlot(events, retrainId, context)),
    ...(model.commit ? [model.commit] : []),
  ]);
}

async function requeue(
  events: EventStore,
  head: Head<RetrainState>,
  reason: string,
  { now, correlationId }: CloseRequest,
): Promise<void> {
  const context: ChangeContext = { actor: systemActor('retraining'), now, reason, correlationId };
  const { retrainId } = head.state;
  const back = planRetrainChange(retrainId, head, [{ type: 'RequeueRetrain', reason }], context);
  await events.append([...back, ...(await releaseSlot(events, retrainId, context))]);
}

async function releaseSlot(
  events: EventStore,
  retrainId: string,
  context: ChangeContext,
): Promise<readonly NewCommit[]> {
  return planSlotChange(await loadSlots(events), { type: 'ReleaseSlot', retrainId }, context);
}

function failureOf(error: WorkflowError | undefined): string {
  if (error === undefined) return 'the training ended without a completion';
  return error.Error === 'States.Timeout' ? 'the trainer did not answer in time' : `${error.Error}: ${error.Cause}`;
}
