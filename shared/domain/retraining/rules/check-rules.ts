import type { FieldProblem } from '../../errors.ts';
import { compileRule } from './compile-rule.ts';
import type { Rule } from './rule.ts';
import { RuleFault } from './rule-fault.ts';

/** What is wrong with the rules of a policy, each with its place; empty when all can be evaluated. */
export function checkRules(rules: readonly Rule[], pointer = '/retraining/rules'): readonly FieldProblem[] {
  return rules.flatMap(({ name, when }, index) => {
    try {
      compileRule(when);
      return [];
    } catch (error) {
      if (!(error instanceof RuleFault)) throw error;
      const place = `rule ${JSON.stringify(name)}, character ${error.offset + 1}`;
      return [{ field: `${pointer}/${index}/when`, code: error.code, reason: `${place}: ${error.message}` }];
    }
  });
}
