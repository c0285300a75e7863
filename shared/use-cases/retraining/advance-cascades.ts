import { systemActor } from '../../domain/actor.ts';
import type { CascadeMember, CascadeState } from '../../domain/retraining/cascade/cascade.ts';
import { cascadeMembers } from '../../domain/retraining/cascade/cascade-members.ts';
import { cascadeRules } from '../../domain/retraining/cascade/cascade-model.ts';
import { planCascade } from '../../domain/retraining/cascade/plan-cascade.ts';
import { cascadeStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import { correlationOfStream } from '../correlation-of-stream.ts';
import { type ChangeContext, loadModel } from '../registry/change-model.ts';
import { changeCascade, loadCascade, readOpenCascades } from './change-cascade.ts';
import { followMember } from './follow-member.ts';
import { type PlanPorts, planRequestOf } from './plan-retrains.ts';
import type { RetrainLimits } from './read-queue.ts';
import { shortenPlan } from './shorten-plan.ts';
import { type TurnDependencies, takeTurn } from './take-turn.ts';

export type AdvanceDependencies = PlanPorts & TurnDependencies & { readonly limits: RetrainLimits };

export type Advanced = {
  readonly cascades: number;
  readonly failures: readonly { readonly cascadeId: string; readonly error: unknown }[];
};

/** Of exclusions and cuts; the plan's figures are of all. */
const maximumListed = 200;
/** In which costs are summed; those in others count as unknown. */
const currency = 'USD';

/** Brings every open cascade as far as it can come now; one that fails does not keep the others waiting. */
export async function advanceCascades(dependencies: AdvanceDependencies, now: Instant): Promise<Advanced> {
  const failures: Advanced['failures'][number][] = [];
  const open = await readOpenCascades(dependencies.events);
  for (const { cascadeId } of open)
    await advanceCascade(dependencies, cascadeId, now).catch((error: unknown) => failures.push({ cascadeId, error }));
  return { cascades: open.length, failures };
}

/**
 * Plans it if it was not, notes which of its retrains have ended, and asks for those whose turn has come. Each step is one
 * append that names what it rests on, so that whoever repeats it, or does it at the same time, changes nothing.
 */
export async function advanceCascade(
  dependencies: AdvanceDependencies,
  cascadeId: string,
  now: Instant,
): Promise<void> {
  const { events } = dependencies;
  const correlationId = await correlationOfStream(events, cascadeStream(cascadeId));
  const context: ChangeContext = { actor: systemActor('retraining'), now, reason: '', correlationId };
  const planned = await planOpened(dependencies, cascadeId, context);
  if (planned.status === 'ended') return;
  let state = await stopSuperseded(dependencies, planned, context);
  let training = 0;
  for (const { modelId } of membersIn(state, 'requested')) {
    const followed = await followMember(events, state, modelId, context);
    state = followed.state;
    training += followed.isTraining ? 1 : 0;
  }
  let left = placesFor(state, training);
  for (const { modelId } of membersIn(state, 'waiting')) {
    const took = await takeTurn(dependencies, { cascadeId, modelId, hasPlace: left > 0 }, context);
    if (took === 'requested') left -= 1;
  }
}

async function planOpened(
  dependencies: AdvanceDependencies,
  cascadeId: string,
  context: ChangeContext,
): Promise<CascadeState> {
  const { events, limits } = dependencies;
  const { state } = await loadCascade(events, cascadeId);
  if (state.status !== 'opened') return state;
  const { modelId, promotedAt } = state;
  // As if it had been planned with the promotion, however late the plan is made.
  const request = await planRequestOf(dependencies, {
    modelIds: [modelId],
    ...limits,
    currency,
    now: promotedAt,
  });
  const plan = { ...planCascade(request), plannedAt: context.now };
  const members = cascadeMembers(request, plan);
  const { retrains, ...outline } = shortenPlan(plan, maximumListed);
  const truncated = outline.truncated || members.length < plan.retrains.length;
  const reason = retrains.length === 0 ? 'nothing is to be retrained' : `${members.length} retrains are planned`;
  return changeCascade(
    events,
    cascadeId,
    { type: 'PlanCascade', plan: { ...outline, truncated }, members },
    { ...context, reason },
  );
}

/** What was promoted is no longer what serves: whatever came after it has a cascade of its own, or needs none. */
async function stopSuperseded(
  { events }: AdvanceDependencies,
  state: CascadeState,
  context: ChangeContext,
): Promise<CascadeState> {
  const { champion } = (await loadModel(events, state.modelId)).state;
  if (state.stop !== undefined || champion?.version === state.version) return state;
  const reason = `version ${champion?.version ?? 'none'} of ${state.modelId} serves instead of version ${state.version}`;
  const stop = { type: 'StopCascade', kind: 'superseded', by: context.actor.id, reason } as const;
  return changeCascade(events, state.cascadeId, stop, { ...context, reason });
}

function membersIn({ members }: CascadeState, status: CascadeMember['status']): readonly CascadeMember[] {
  return members.filter((member) => member.status === status);
}

/** A cascade with a large blast radius takes the next batch when the trainings of the one before have all ended. */
function placesFor({ plan }: CascadeState, training: number): number {
  if (plan?.blastRadius.isExceeded !== true) return Number.POSITIVE_INFINITY;
  return training === 0 ? cascadeRules.blastRadius.batchSize : 0;
}
