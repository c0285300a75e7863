import type { Actor } from '../../domain/actor.ts';
import { RunwayError } from '../../domain/errors.ts';
import type { OrchestratedRun, RetrainState } from '../../domain/retraining/retrain.ts';
import type { RetrainCommand } from '../../domain/retraining/retrain-events.ts';
import type { Instant } from '../../domain/time.ts';
import { loadModel } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRetrain, planRetrainChange } from './change-retrain.ts';
import { loadSlots, planSlotChange } from './change-slots.ts';
import { type DispatchDependencies, startWorkflow, takeSlot, trainingTimeoutOf } from './dispatch-retrains.ts';
import { queueConnection } from './start-run.ts';

/** Names no connection: nobody can be asked how such a run stands. */
export const byHand = 'by-hand';

export type AttachDependencies = DispatchDependencies & {
  /** Names of the stage's connections. */
  readonly connections: readonly string[];
};
export type Attachment = {
  readonly retrainId: string;
  readonly run: Pick<OrchestratedRun, 'connection' | 'pipeline' | 'id'>;
  readonly reason: string;
  readonly actor: Actor;
  readonly now: Instant;
};

/**
 * Makes a run that an operator started the run of a retrain; gives the retrain. One that waits is started with it, in one
 * append with its slot, past the queue and past its orchestrator's circuit, and within the limits. The same again changes nothing. Throws `NotFound`;
 * `InvalidRequest` for a connection that the stage does not have; `IllegalTransition` when the retrain has ended or has
 * another run, or when no slot is free.
 */
export async function attachRun(dependencies: AttachDependencies, attachment: Attachment): Promise<RetrainState> {
  const { events } = dependencies;
  expectConnection(attachment.run.connection, dependencies.connections);
  await withRetryOnConflict(() => attach(dependencies, attachment));
  const { state } = await loadRetrain(events, attachment.retrainId);
  // Also after a crash between append and start; a workflow that was started is recognised by its name.
  if (state.status === 'running' && state.taskToken === undefined) await startWorkflow(dependencies, state);
  return state;
}

async function attach(
  { events, limits }: AttachDependencies,
  { retrainId, run, ...context }: Attachment,
): Promise<void> {
  const head = await loadRetrain(events, retrainId);
  const { state } = head;
  const commands: RetrainCommand[] = [{ type: 'AttachRun', run }];
  const isWaiting = state.status === 'queued';
  if (isWaiting) {
    const trainingTimeoutSeconds = trainingTimeoutOf((await loadModel(events, state.modelId)).state);
    commands.unshift({ type: 'StartRetrain', trainingTimeoutSeconds });
  }
  const slot = takeSlot({ ...state, connection: run.connection }, limits);
  const commits = [
    ...(isWaiting ? planSlotChange(await loadSlots(events), slot, context) : []),
    ...planRetrainChange(retrainId, head, commands, context),
  ];
  if (commits.length > 0) await events.append(commits);
}

function expectConnection(connection: string, connections: readonly string[]): void {
  if (connection === byHand || (connection !== queueConnection && connections.includes(connection))) return;
  const expected = [...connections, byHand].join(' or ');
  const reason = `received ${JSON.stringify(connection)}, expected ${expected}`;
  throw new RunwayError('InvalidRequest', 'invalid-request', `the stage has no such connection: ${reason}`, [
    { field: '/connection', code: 'unknown-connection', reason },
  ]);
}
