import type { Evaluation } from '../../../shared/domain/health/evaluation.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import {
  type DecisionContext,
  type DecisionFacts,
  decisionFactsOf,
  noContext,
} from '../../../shared/domain/retraining/rules/decision-facts.ts';
import type { Rule } from '../../../shared/domain/retraining/rules/rule.ts';
import { ruleVariablesOf } from '../../../shared/domain/retraining/rules/rule-variables.ts';
import { breach, day, deployedModel, evaluationOf, policyWith, signal } from './flight-models.ts';

export const now = day(5);
export const worsened = evaluationOf([breach('performance'), signal('dataDrift', { value: 0.31 })], now);

export function rule(when: string, overrides: Partial<Rule> = {}): Rule {
  return { name: 'a-rule', when, then: 'retrain', priority: 10, reason: 'the owner wants it so', ...overrides };
}

/** `late-basic` under the rules. */
export function modelWith(
  retraining: Partial<ModelState['policy']['retraining']>,
  overrides: Partial<ModelState> = {},
): ModelState {
  const policy = policyWith((base) => ({ retraining: { ...base.retraining, ...retraining } }));
  return deployedModel({ policy, ...overrides });
}

export function factsOf(
  rules: readonly Rule[],
  {
    retraining = {},
    state = {},
    evaluation = worsened,
    at = now,
    context = noContext,
  }: {
    readonly retraining?: Partial<ModelState['policy']['retraining']>;
    readonly state?: Partial<ModelState>;
    readonly evaluation?: Evaluation;
    readonly at?: string;
    readonly context?: DecisionContext;
  } = {},
): DecisionFacts {
  return decisionFactsOf(modelWith({ rules: [...rules], ...retraining }, state), evaluation, context, at);
}

export const variables = ruleVariablesOf(modelWith({}), worsened, undefined, now);
