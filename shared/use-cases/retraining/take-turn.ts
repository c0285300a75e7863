import type { ModelState } from '../../domain/registry/model.ts';
import { exclusionOf } from '../../domain/retraining/cascade/admit-dependants.ts';
import type { CascadeMember, CascadeState } from '../../domain/retraining/cascade/cascade.ts';
import type { CascadeCommand } from '../../domain/retraining/cascade/cascade-events.ts';
import { cascadeModel, cascadeRules, cooldownOf } from '../../domain/retraining/cascade/cascade-model.ts';
import { cascadeTrigger } from '../../domain/retraining/cascade/cascade-trigger.ts';
import { memberHold } from '../../domain/retraining/cascade/member-hold.ts';
import { turnOf } from '../../domain/retraining/cascade/member-turn.ts';
import { decisionFactsOf } from '../../domain/retraining/rules/decision-facts.ts';
import type { Freeze } from '../../domain/retraining/rules/retraining-windows.ts';
import { retrainIdOf } from '../../domain/stream-ids.ts';
import { dayMillis, type Instant, toMillis } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { type ChangeContext, loadModel } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadCascade, planCascadeChange } from './change-cascade.ts';
import { loadCosts } from './change-costs.ts';
import { appendRequest } from './request-retrain.ts';

export type TurnDependencies = { readonly events: EventStore; readonly stageFreezes: readonly Freeze[] };
export type Turn = {
  readonly cascadeId: string;
  readonly modelId: string;
  /** Of the cascade's batch. */
  readonly hasPlace: boolean;
};

/** What holds a member longer than this leaves it out: every cascade ends. */
const patienceDays = 30;

/**
 * Asks for a member's retrain when its turn has come and nothing holds it. Model, retrain and cascade move in one append:
 * it is asked for once. An open retrain gets one more cause. What has come to exclude the model since the plan skips it.
 */
export function takeTurn(
  { events, stageFreezes }: TurnDependencies,
  { cascadeId, modelId, hasPlace }: Turn,
  context: ChangeContext,
): Promise<'requested' | 'left'> {
  const { now } = context;
  return withRetryOnConflict(async () => {
    const cascade = await loadCascade(events, cascadeId);
    const member = cascade.state.members.find((other) => other.modelId === modelId);
    const turn = member && turnOf(cascade.state, member, cooldownOf(member, cascadeRules));
    if (member?.status !== 'waiting' || turn === undefined || now < turn) return 'left';
    const model = await loadModel(events, modelId);
    const excluded = exclusionOf(cascadeModel(model.state, [], ''), toMillis(now));
    const change = (command: CascadeCommand, reason: string) =>
      planCascadeChange(cascadeId, cascade, command, { ...context, reason });
    if (excluded !== undefined) {
      await events.append(change({ type: 'SkipMember', modelId, reason: excluded.detail }, excluded.detail));
      return 'left';
    }
    const hold = await holdOf(events, { cascade: cascade.state, model: model.state, stageFreezes, hasPlace, now });
    if (hold !== undefined) {
      const commits = change(heldCommand(modelId, hold, turn, now), hold);
      if (commits.length > 0) await events.append(commits);
      return 'left';
    }
    await request(events, cascade, member, model, context);
    return 'requested';
  });
}

async function request(
  events: EventStore,
  cascade: Head<CascadeState>,
  member: CascadeMember,
  model: Head<ModelState>,
  context: ChangeContext,
): Promise<void> {
  const { modelId, openRetrain, retrainCount } = model.state;
  const retrainId = openRetrain?.retrainId ?? retrainIdOf(modelId, retrainCount + 1);
  const trigger = cascadeTrigger(model.state, cascade.state, member, context.now);
  const about = { ...context, reason: `cascade: ${trigger.reason}` };
  const commits = planCascadeChange(
    cascade.state.cascadeId,
    cascade,
    { type: 'RequestMember', modelId, retrainId },
    about,
  );
  await appendRequest(events, model, { triggers: [trigger], stalenessScore: null }, about, commits);
}

function heldCommand(modelId: string, hold: string, turn: Instant, now: Instant): CascadeCommand {
  const isTooLong = toMillis(now) - toMillis(turn) > patienceDays * dayMillis;
  return isTooLong
    ? { type: 'SkipMember', modelId, reason: `held for ${patienceDays} days: ${hold}` }
    : { type: 'HoldMember', modelId, reason: hold };
}

type Held = {
  readonly cascade: CascadeState;
  readonly model: ModelState;
  readonly stageFreezes: readonly Freeze[];
  readonly hasPlace: boolean;
  readonly now: Instant;
};

async function holdOf(events: EventStore, { cascade, model, stageFreezes, hasPlace, now }: Held) {
  const { budget } = model.policy.retraining;
  const costs = budget && (await loadCosts(events, model.definition.team, now));
  const facts = decisionFactsOf(model, undefined, { stageFreezes, costs }, now);
  const isLarge = cascade.plan?.blastRadius.isExceeded === true;
  return memberHold({ model, facts, window: isLarge ? cascadeRules.blastRadius.window : undefined, hasPlace, now });
}
