import { type Actor, systemActor } from '../../domain/actor.ts';
import { type TrainedVersion, trainedOnVersion } from '../../domain/graph/trained-on-version.ts';
import type { ModelState, ModelVersion, RestoredVersion, VersionStatus } from '../../domain/registry/model.ts';
import { type ModelRow, modelRows } from '../../domain/registry/model-row.ts';
import { automaticWithdrawal, restoredVersion } from '../../domain/registry/restored-version.ts';
import type { CascadePlan } from '../../domain/retraining/cascade/cascade-plan.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import { hourMillis, type Instant, toMillis } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel, planModelChange } from '../registry/change-model.ts';
import { loadVersion, planVersionStatus } from '../registry/change-version.ts';
import { type PlanPorts, type PlanRules, planAfterWithdrawal } from '../retraining/plan-retrains.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { publishRouting, type RoutingDependencies } from './publish-routing.ts';

export type WithdrawalRequest = {
  readonly modelId: string;
  /** The champion that is taken back. */
  readonly version: number;
  readonly to: RestoredVersion;
  readonly actor: Actor;
  readonly reason: string;
  readonly now: Instant;
};
/** A version that was trained on the one that was taken back. */
export type Dependant = TrainedVersion & { readonly status: VersionStatus };
export type Consequences = {
  readonly dependants: readonly Dependant[];
  /** There are more than are listed. */
  readonly truncated: boolean;
  /** What would retrain because of it; nothing was started. */
  readonly plan: CascadePlan;
};

/** More than these are counted and not listed. */
const maximumDependants = 500;
const readsAtOnce = 25;
/** Some sweeps. */
const justChangedMillis = 4 * hourMillis;

/**
 * Takes back the champion after its promotion: another version serves, in one append, then the routing is published.
 * Called again, it publishes again. Throws `NotFound`, and `IllegalTransition` when another version is the champion,
 * there is none to restore, or a rollout is open, which is aborted first.
 */
export async function withdrawChampion(
  dependencies: RoutingDependencies,
  { modelId, version, to, actor, reason, now }: WithdrawalRequest,
): Promise<NonNullable<ModelState['withdrawal']>> {
  const { events } = dependencies;
  const state = await withRetryOnConflict(async () => {
    const head = await loadModel(events, modelId);
    const { withdrawal, champion } = head.state;
    if (withdrawal?.version === version && champion?.version === withdrawal.restored) return head.state;
    const context = { actor, reason, now };
    const restored = await loadVersion(events, modelId, restoredVersion(head.state, to));
    const { trainingDataEnd } = restored.state;
    const command = { type: 'WithdrawChampion', version, to, trainingDataEnd, reason } as const;
    const change = planModelChange(head, [command], context);
    await events.append([
      ...(change.commit ? [change.commit] : []),
      ...planVersionStatus(restored, 'champion', context),
      ...planVersionStatus(await loadVersion(events, modelId, version), 'rolled-back', context),
    ]);
    return change.state;
  });
  await publishRouting(dependencies, modelId);
  if (state.withdrawal === undefined) throw new Error(`${modelId} has no withdrawal after it was made`);
  return state.withdrawal;
}

/**
 * Takes back a promoted champion that breaches, where its policy rolls back by itself; gives whether it did. Safe to call
 * at any time and again: where one was taken back before, its routing is published again, in case that was lost.
 */
export async function withdrawBreached(
  dependencies: RoutingDependencies,
  modelId: string,
  now: Instant,
): Promise<boolean> {
  const { state } = await loadModel(dependencies.events, modelId);
  const { champion, withdrawal } = state;
  const to = automaticWithdrawal(state, now);
  if (to === undefined || champion === undefined) {
    if (withdrawal !== undefined && champion?.version === withdrawal.restored)
      await publishRouting(dependencies, modelId);
    return false;
  }
  const { version } = champion;
  const reason = `version ${version} breaches on performance within its shadow days`;
  await withdrawChampion(dependencies, { modelId, version, to, actor: systemActor('rollout'), reason, now });
  return true;
}

type Withdrawn = {
  readonly withdrawn: readonly string[];
  readonly failures: readonly { readonly modelId: string; readonly error: unknown }[];
};

/**
 * The same for all models at risk, for the case that nobody was told of one, and for those whose champion has just
 * changed, for the case that its routing was not published. A model that fails is told and does not hold up the others.
 */
export async function withdrawAllBreached(dependencies: RoutingDependencies, now: Instant): Promise<Withdrawn> {
  const withdrawn: string[] = [];
  const failures: { modelId: string; error: unknown }[] = [];
  for (const { modelId, isAtRisk, champion } of await dependencies.events.rows<ModelRow>(modelRows)) {
    const hasJustChanged = champion !== undefined && toMillis(now) - toMillis(champion.since) < justChangedMillis;
    if (!isAtRisk && !hasJustChanged) continue;
    try {
      if (await withdrawBreached(dependencies, modelId, now)) withdrawn.push(modelId);
    } catch (error) {
      failures.push({ modelId, error });
    }
  }
  return { withdrawn, failures };
}

/** Which versions were trained on one that was taken back, and what would retrain because of it. */
export async function consequencesOf(
  { events, graph }: PlanPorts,
  request: PlanRules & { readonly modelId: string; readonly version: number },
): Promise<Consequences> {
  const { modelId, version } = request;
  const trained = trainedOnVersion(await graph(request.now), modelId, version);
  const dependants = await withStatus(events, trained.slice(0, maximumDependants));
  const plan = await planAfterWithdrawal({ events, graph }, request);
  return { dependants, truncated: trained.length > maximumDependants, plan };
}

async function withStatus(events: EventStore, trained: readonly TrainedVersion[]): Promise<readonly Dependant[]> {
  const dependants: Dependant[] = [];
  for (let at = 0; at < trained.length; at += readsAtOnce) {
    const read = trained.slice(at, at + readsAtOnce).map(async (each) => {
      const head = await events.head<ModelVersion>(versionStream(each.modelId, each.version));
      // The graph may know a version that the registry has not shown yet.
      return { ...each, status: head?.state.status ?? 'registered' };
    });
    dependants.push(...(await Promise.all(read)));
  }
  return dependants;
}
