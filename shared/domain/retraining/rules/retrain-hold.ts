import { dayMillis, type Instant, toInstant, toMillis } from '../../time.ts';
import type { DecisionFacts } from './decision-facts.ts';
import { freezeAt, offPeakWords } from './retraining-windows.ts';

export type HoldKind =
  | 'not-deployed'
  | 'lifecycle'
  | 'open-retrain'
  | 'open-rollout'
  | 'rollback'
  | 'cascade'
  | 'cooldown'
  | 'freeze'
  | 'budget'
  | 'off-peak'
  | 'rule-error'
  | 'no-match';

export type Hold = { readonly kind: HoldKind; readonly reason: string };

/** What holds a retrain whatever the rules say; undefined when nothing does. */
export function retrainHold(facts: DecisionFacts): Hold | undefined {
  return stateHold(facts) ?? timeHold(facts);
}

/** What of the calendar and of the budget holds a retrain, and passes. */
export function timeHold(facts: DecisionFacts): Hold | undefined {
  return freezeHold(facts) ?? budgetHold(facts) ?? offPeakHold(facts);
}

/** What of the model's own state holds a retrain. */
export function stateHold({ state, settings, decidedAt }: DecisionFacts): Hold | undefined {
  const { lifecycle, champion, openRetrain, openRollout } = state;
  if (champion === undefined) return { kind: 'not-deployed', reason: 'no version is deployed' };
  if (lifecycle === 'deprecated' || lifecycle === 'retired')
    return { kind: 'lifecycle', reason: `the model is ${lifecycle}` };
  if (openRetrain !== undefined) return { kind: 'open-retrain', reason: `retrain ${openRetrain} is open` };
  if (openRollout !== undefined) return { kind: 'open-rollout', reason: `rollout ${openRollout} is open` };
  if (lifecycle === 'rollback') return { kind: 'rollback', reason: 'a rollback is under way' };
  if (state.awaitedBy !== undefined)
    return { kind: 'cascade', reason: `waits for cascade ${state.awaitedBy}, which retrains it in its turn` };
  const end = cooldownEnd(state.lastRetrainRequestedAt, settings.cooldownDays);
  return end !== undefined && decidedAt < end
    ? { kind: 'cooldown', reason: `cooldown until ${end} (${settings.cooldownDays} days after the last request)` }
    : undefined;
}

/** Until when no policy retrains the model again; undefined when it never was retrained. */
export function cooldownEnd(lastRetrainRequestedAt: Instant | undefined, cooldownDays: number): Instant | undefined {
  return lastRetrainRequestedAt === undefined
    ? undefined
    : toInstant(toMillis(lastRetrainRequestedAt) + cooldownDays * dayMillis);
}

function freezeHold({ settings, stageFreezes, decidedAt }: DecisionFacts): Hold | undefined {
  const ofStage = freezeAt(stageFreezes, decidedAt);
  const freeze = ofStage ?? freezeAt(settings.freezes ?? [], decidedAt);
  if (freeze === undefined) return undefined;
  const whose = ofStage === undefined ? 'this model is' : 'all models are';
  return { kind: 'freeze', reason: `${whose} frozen until ${freeze.to}: ${freeze.reason}` };
}

function budgetHold({ settings, variables }: DecisionFacts): Hold | undefined {
  const { spentThisMonth, limit, teamSpentThisMonth, teamLimit } = variables.budget;
  const currency = settings.budget?.currency;
  const hold = (whose: string, spent: number, of: number): Hold => ({
    kind: 'budget',
    reason: `${whose} has spent ${spent} of ${of} ${currency} of training cost this month`,
  });
  if (spentThisMonth !== undefined && limit !== undefined && spentThisMonth >= limit)
    return hold('the model', spentThisMonth, limit);
  if (teamSpentThisMonth !== undefined && teamLimit !== undefined && teamSpentThisMonth >= teamLimit)
    return hold(`team ${variables.model.team}`, teamSpentThisMonth, teamLimit);
  return undefined;
}

function offPeakHold({ settings, variables }: DecisionFacts): Hold | undefined {
  if (settings.offPeak === undefined || variables.calendar.isOffPeak) return undefined;
  return { kind: 'off-peak', reason: `outside its off-peak hours (${offPeakWords(settings.offPeak)})` };
}
