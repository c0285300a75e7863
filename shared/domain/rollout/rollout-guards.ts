import { illegalTransition } from '../errors.ts';
import { isGranted, refusal } from './approval.ts';
import { type RolloutState, type StepJudgement, startsInShadow } from './rollout.ts';
import type { RolloutCommand } from './rollout-events.ts';

type Named = Pick<RolloutCommand, 'type'>;

/** What every event of the rollout says. */
export function about({ rolloutId, modelId }: RolloutState) {
  return { schemaVersion: 1, rolloutId, modelId } as const;
}

/** Throws `IllegalTransition` naming the present status. */
export function expectStatus({ type }: Named, state: RolloutState, allowed: readonly RolloutState['status'][]): void {
  if (!allowed.includes(state.status)) throw illegalTransition(type, state.status, allowed.join(' or '));
}

export function expectPass({ type }: Named, state: RolloutState, gate: string, hasPassed: boolean): void {
  if (!hasPassed) throw illegalTransition(type, state.status, `a pass of ${gate}`);
}

/** A look that failed ends the rollout; nobody may carry it on. */
export function expectNoFail({ type }: Named, state: RolloutState): void {
  if (hasFailed(state)) throw illegalTransition(type, 'failed', 'a rollback, since no later look takes a fail back');
}

/** Throws `IllegalTransition` while a person stands in the way of the step: paused, not approved or rejected. */
export function expectFree({ type }: Named, state: RolloutState, before: number): void {
  if (state.pausedAt !== undefined)
    throw illegalTransition(type, `paused since ${state.pausedAt}`, 'a resumed rollout');
  if (!isFree(state, before)) throw illegalTransition(type, `step ${state.step}`, `an approval of step ${before}`);
}

/** Whether no person stands in the way of the step. */
export function isFree(state: RolloutState, before: number): boolean {
  return state.pausedAt === undefined && refusal(state) === undefined && isGranted(state, before);
}

/** Without a hold-out nothing is known of the candidate yet: its first step is shadow only, and says more than one would. */
export function isValidated(state: RolloutState): boolean {
  const verdict = state.validation?.verdict;
  return verdict === 'pass' || (verdict === 'inconclusive' && startsInShadow(state));
}

export function hasFailed({ judgements }: RolloutState): boolean {
  return judgements.some(({ verdict }) => verdict === 'fail');
}

/** The newest judgement of the running step, if it was made after the step began. */
export function judgementOfStep(state: RolloutState): StepJudgement | undefined {
  const last = state.judgements.at(-1);
  const isOfStep =
    last !== undefined &&
    last.step === state.step &&
    state.stepStartedAt !== undefined &&
    last.judgedAt > state.stepStartedAt;
  return isOfStep ? last : undefined;
}
