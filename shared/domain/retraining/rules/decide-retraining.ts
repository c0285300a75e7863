import { compileRule, type RuleResult } from './compile-rule.ts';
import type { DecisionFacts } from './decision-facts.ts';
import type { EffectiveRule } from './effective-rules.ts';
import { type Hold, type HoldKind, retrainHold, stateHold } from './retrain-hold.ts';
import { backstopName, type RuleAction } from './rule.ts';
import { RuleFault } from './rule-fault.ts';

export type AskedRule = { readonly name: string } & RuleResult;

/** The rule that decides, as told to people. */
export type MatchedRule = { readonly name: string; readonly then: RuleAction; readonly reason: string };

export type Decision = {
  readonly action: RuleAction | 'hold';
  /** One sentence for people. */
  readonly reason: string;
  /** Of a hold. */
  readonly holdKind?: HoldKind;
  /** The first that matched decides, then those that ask for a retrain as well; empty when none matched. */
  readonly matched: readonly MatchedRule[];
  /** What is to be told although the action is another: the backstop is due, or a retrain is held. */
  readonly besides?: MatchedRule;
  /** What every rule said, in the order in which they are asked. */
  readonly asked: readonly AskedRule[];
};

/**
 * Rules are asked in their order, and the first that matches decides. When it says retrain, every later one that says so
 * too adds its cause. One that needs a missing value does not match; one that cannot be evaluated before any other has
 * matched holds everything. The backstop counts whatever rule has matched. A retrain may be held; an alert never is.
 */
export function decideRetraining(facts: DecisionFacts): Decision {
  const absent = absence(facts);
  if (absent !== undefined)
    return { action: 'hold', holdKind: absent.kind, reason: absent.reason, matched: [], asked: [] };
  const asked = facts.rules.map((rule): AskedRule => ({ name: rule.name, ...ask(rule, facts) }));
  const first = asked.findIndex(({ result }) => result === 'match' || result === 'error');
  const rest = { asked, matched: [] };
  if (first === -1) return { action: 'hold', ...noMatch(facts), ...rest };
  const decisive = asked[first]!;
  if (decisive.result === 'error')
    return {
      action: 'hold',
      holdKind: 'rule-error',
      reason: `rule ${decisive.name} cannot be evaluated: ${decisive.reason}`,
      ...rest,
    };
  const matched = facts.rules.filter((_, index) => index >= first && asked[index]?.result === 'match').map(told);
  const [rule, ...later] = matched;
  const retrain =
    rule!.then === 'retrain' ? matched.filter(isRetrain) : later.filter(({ name }) => name === backstopName);
  if (retrain.length === 0) return { action: rule!.then, reason: rule!.reason, matched: [rule!], asked };
  const besides = rule!.then === 'alert' || rule!.then === 'propose-deprecation' ? { besides: rule! } : {};
  const hold = retrainHold(facts);
  if (hold !== undefined)
    return { action: 'hold', holdKind: hold.kind, reason: hold.reason, matched: retrain, ...besides, asked };
  return {
    action: 'retrain',
    reason: retrain.map(({ reason }) => reason).join('; '),
    matched: retrain,
    ...besides,
    asked,
  };
}

function ask({ when }: EffectiveRule, { variables }: DecisionFacts): RuleResult {
  try {
    return compileRule(when).evaluate(variables);
  } catch (error) {
    // Checked when the policy was saved; a variable may have gone since.
    if (!(error instanceof RuleFault)) throw error;
    return { result: 'error', reason: error.message };
  }
}

/** Of a model that does not serve nothing is asked. */
function absence(facts: DecisionFacts): Hold | undefined {
  const hold = stateHold(facts);
  return hold?.kind === 'not-deployed' || hold?.kind === 'lifecycle' ? hold : undefined;
}

/** What would hold a retrain is told where none is asked for, unless it comes and goes by the hour. */
function noMatch(facts: DecisionFacts): Pick<Decision, 'holdKind' | 'reason'> {
  const { outdated, evaluation } = facts;
  const hold = stateHold(facts);
  if (hold !== undefined) return { holdKind: hold.kind, reason: hold.reason };
  const reason = outdated ?? `no signal that the policy acts on is in breach: ${evaluation?.summary}`;
  return { holdKind: 'no-match', reason };
}

function told({ name, then, reason }: EffectiveRule): MatchedRule {
  return { name, then, reason };
}

function isRetrain({ then }: MatchedRule): boolean {
  return then === 'retrain';
}
