import type { Policy } from '../../domain/registry/policy.ts';
import type { Instant } from '../../domain/time.ts';
import { loadModel } from '../registry/change-model.ts';
import { expectRules } from '../registry/expect-rules.ts';
import { type DecideDependencies, decideNow } from './decide-retrains.ts';
import { type DecisionView, viewDecision } from './view-decisions.ts';

type Request = { readonly modelId: string; readonly policy?: Policy | undefined; readonly now: Instant };

/**
 * What would be decided about a model now, under its own policy or another. Changes nothing. The signals are those of the
 * latest scheduled evaluation, judged by the limits of that time: a backtest judges anew. Throws `NotFound`,
 * `InvalidRequest` (code `invalid-rule`).
 */
export async function dryRunPolicy(
  dependencies: DecideDependencies,
  { modelId, policy, now }: Request,
): Promise<DecisionView> {
  if (policy !== undefined) expectRules(policy, '/policy/retraining/rules');
  const { state } = await loadModel(dependencies.events, modelId);
  const { record } = await decideNow(dependencies, { ...state, ...(policy && { policy }) }, now);
  return viewDecision(record);
}
