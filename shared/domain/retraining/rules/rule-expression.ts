import type { parse } from '@bufbuild/cel';
import type { RuleFault } from './rule-fault.ts';
import type { RuleType } from './rule-type.ts';

export type Parsed = ReturnType<typeof parse>;
export type Expression = Parsed['expr'];

/** Types of one condition, from the leaves up. */
export interface RuleChecker {
  typeOf(expression: Expression): RuleType;
  fault(expression: Expression, code: RuleFault['code'], message: string): RuleFault;
}
