import { systemActor } from '../../domain/actor.ts';
import { isRunwayError } from '../../domain/errors.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { capacityOf } from '../../domain/retraining/queue/capacity.ts';
import { chooseRetrains } from '../../domain/retraining/queue/choose-retrains.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { RetrainingSlots } from '../../domain/retraining/slots.ts';
import { retrainStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { correlationOfStream } from '../correlation-of-stream.ts';
import { type ChangeContext, loadModel } from '../registry/change-model.ts';
import { loadRetrain, planRetrainChange } from './change-retrain.ts';
import { loadSlots, planSlotChange } from './change-slots.ts';
import { createPlaces } from './circuit-places.ts';
import { queueOf, type RetrainLimits, readQueue, unlimited } from './read-queue.ts';
import { queueConnection } from './start-run.ts';

export type DispatchDependencies = {
  readonly events: EventStore;
  readonly workflows: WorkflowEngine;
  readonly limits: RetrainLimits;
};

/**
 * Starts queued retrains while slots are free, in the order of `chooseRetrains`; gives the ids of those it started. Slot
 * and start are one append, so that the limits hold exactly however many dispatchers there are; the workflow is started
 * after it, and again by `recoverRetrains` if that start was lost.
 */
export async function dispatchRetrains(dependencies: DispatchDependencies, now: Instant): Promise<readonly string[]> {
  const { events, limits } = dependencies;
  // Every hint looks here, and mostly nothing is free: a thousand that wait need not be read for that.
  if ((await loadSlots(events)).state.active.length >= limits.overall) return [];
  const started: string[] = [];
  const places = createPlaces(events, now);
  // The queue's index lags behind the streams: what it still shows as queued may have been started or have ended.
  const seen = new Set<string>();
  const queued = await readQueue(events);
  for (;;) {
    const slots = await loadSlots(events);
    const left = await places.withPlace(queued.filter(({ retrainId }) => !seen.has(retrainId)));
    const [first] = chooseRetrains(queueOf(left, slots.state, limits, now)).start;
    const next = left.find(({ retrainId }) => retrainId === first);
    if (next === undefined) return started;
    const outcome = await startRetrain(dependencies, slots, next.retrainId, now);
    if (outcome !== 'moved') seen.add(next.retrainId);
    if (outcome === 'started') {
      started.push(next.retrainId);
      places.take(next);
    }
  }
}

/** What starts the workflow of a running retrain; the same each time, so that a second start is recognised. */
export async function startWorkflow(
  { events, workflows }: Pick<DispatchDependencies, 'events' | 'workflows'>,
  { retrainId, modelId, trainingTimeoutSeconds, requeues = 0 }: RetrainState,
): Promise<void> {
  const correlationId = await correlationOfStream(events, retrainStream(retrainId));
  // Names of executions are given once: one that went back to the queue gets another.
  const name = requeues === 0 ? retrainId : `${retrainId}-q${requeues}`;
  await workflows.start('retrainModel', name, { retrainId, modelId, trainingTimeoutSeconds, requeues, correlationId });
}

export function trainingTimeoutOf({ policy }: ModelState): number {
  return Math.ceil(policy.retraining.trainingTimeoutHours * 3_600);
}

/** The slot that a retrain takes when it starts. */
export function takeSlot(
  { retrainId, team, connection: name = queueConnection }: Pick<RetrainState, 'retrainId' | 'team' | 'connection'>,
  limits: RetrainLimits,
) {
  const { overall: limit, perTeam: teamLimit, perOrchestrator = unlimited } = limits;
  const orchestrator = { name, limit: capacityOf(perOrchestrator, name) };
  return { type: 'TakeSlot', retrainId, team, limit, teamLimit, orchestrator } as const;
}

async function startRetrain(
  { events, workflows, limits }: DispatchDependencies,
  slots: Head<RetrainingSlots>,
  retrainId: string,
  now: Instant,
): Promise<'started' | 'not-queued' | 'moved'> {
  const retrain = await loadRetrain(events, retrainId);
  if (retrain.state.status !== 'queued' || retrain.state.hold !== undefined) return 'not-queued';
  const model = await loadModel(events, retrain.state.modelId);
  const trainingTimeoutSeconds = trainingTimeoutOf(model.state);
  const context: ChangeContext = {
    actor: systemActor('retraining'),
    now,
    reason: 'first in the queue and a slot is free',
    // Whatever woke the dispatcher, it works for this retrain now.
    correlationId: await correlationOfStream(events, retrain.streamId),
  };
  const commits = [
    ...planSlotChange(slots, takeSlot(retrain.state, limits), context),
    ...planRetrainChange(retrainId, retrain, [{ type: 'StartRetrain', trainingTimeoutSeconds }], context),
  ];
  try {
    await events.append(commits);
  } catch (error) {
    // Another dispatcher took a slot or this retrain: look at the queue again.
    if (isRunwayError(error) && error.name === 'VersionConflict') return 'moved';
    throw error;
  }
  await startWorkflow({ events, workflows }, { ...retrain.state, trainingTimeoutSeconds });
  return 'started';
}
