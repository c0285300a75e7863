import { illegalTransition } from '../errors.ts';
import { dayMillis, type Instant, toMillis } from '../time.ts';
import type { ModelState, RestoredVersion } from './model.ts';

/** Number of the version that would serve if the champion were taken back. Throws `IllegalTransition` without one. */
export function restoredVersion({ champion, policy }: ModelState, to: RestoredVersion): number {
  const restored = to === 'former-champion' ? champion?.previous : policy.rollout.fallbackVersion;
  if (restored === undefined || restored === champion?.version) {
    const what = to === 'former-champion' ? 'a champion before this one' : 'another version as fallback in the policy';
    throw illegalTransition('WithdrawChampion', `with champion ${champion?.version}`, what);
  }
  return restored;
}

/**
 * What a policy that rolls back by itself restores now: the former champion while the promoted version's performance
 * breaches within its shadow days; the fallback when the restored one breaches as well. Drift alone never does: it
 * happens to every version.
 */
export function automaticWithdrawal(state: ModelState, now: Instant): RestoredVersion | undefined {
  const { policy, champion, health, withdrawal, lifecycle } = state;
  const { onBreachAfterPromotion, shadowDaysAfterPromotion, fallbackVersion } = policy.rollout;
  const hasBreached = health.status === 'at-risk' && (health.causes ?? []).includes('performance');
  const isSteady = lifecycle === 'at-risk' || lifecycle === 'retraining';
  if (onBreachAfterPromotion !== 'roll-back' || champion === undefined || !hasBreached || !isSteady) return undefined;
  if (toMillis(now) > toMillis(champion.since) + shadowDaysAfterPromotion * dayMillis) return undefined;
  if (champion.previous !== undefined) return 'former-champion';
  const hasFallback = fallbackVersion !== undefined && fallbackVersion !== champion.version;
  return withdrawal?.restored === champion.version && hasFallback ? 'fallback-version' : undefined;
}
