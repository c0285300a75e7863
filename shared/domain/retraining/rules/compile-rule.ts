import { type CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { type CheckedRule, checkRuleTypes } from './check-rule-types.ts';
import type { Expression, Parsed } from './rule-expression.ts';
import { RuleFault } from './rule-fault.ts';
import { type RuleType, ruleVariables, typeWords } from './rule-type.ts';
import type { RuleVariables } from './rule-variables.ts';

/**
 * `missing`: the result hangs on something that is not known, so the rule does not match. `error`: it cannot be
 * evaluated, e.g. divides by zero.
 */
export type RuleResult =
  | { readonly result: 'match' | 'no-match' }
  | { readonly result: 'missing'; readonly path: string }
  | { readonly result: 'error'; readonly reason: string };

export interface CompiledRule {
  /** Signals that the condition speaks of. */
  readonly signals: readonly string[];
  evaluate(variables: RuleVariables): RuleResult;
}

/** The parser recurses; deeper brackets than anyone writes are not given to it. */
const maximumDepth = 20;
const compiledByText = new Map<string, CompiledRule>();

/** Throws `RuleFault` when the condition is not one. Remembers what it compiled. */
export function compileRule(when: string): CompiledRule {
  const known = compiledByText.get(when);
  if (known !== undefined) return known;
  const compiled = compile(when);
  if (compiledByText.size >= 1_000) compiledByText.clear();
  compiledByText.set(when, compiled);
  return compiled;
}

function compile(when: string): CompiledRule {
  const parsed = parsedOf(when);
  const checked = checkRuleTypes(parsed);
  if (checked.type.kind !== 'bool')
    throw new RuleFault('type-mismatch', 0, `the condition is ${typeWords(checked.type)}, expected bool`);
  const evaluate = plan(celEnv(), { ...parsed, expr: withSafeTests(parsed.expr) });
  return {
    signals: [...new Set(checked.paths.flatMap(([first, name]) => (first === 'signals' && name ? [name] : [])))],
    evaluate(variables) {
      const inputs = Object.entries(ruleVariables).map(([name, { type }]) => [
        name,
        celInput(variables[name as keyof RuleVariables], type),
      ]);
      const value: unknown = evaluate(Object.fromEntries(inputs) as Record<string, CelInput>);
      return resultOf(value, checked, variables);
    },
  };
}

function parsedOf(when: string): Parsed {
  let depth = 0;
  for (const [offset, character] of [...when].entries()) {
    if ('([{!-?'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth > maximumDepth) throw new RuleFault('too-costly', offset, `more than ${maximumDepth} nested brackets`);
  }
  try {
    return parse(when);
  } catch (error) {
    throw syntaxFault(error, when);
  }
}

function syntaxFault(error: unknown, when: string): RuleFault {
  const location = (error as { readonly location?: { readonly start?: { readonly offset?: number } } }).location;
  const offset = Math.min(location?.start?.offset ?? 0, when.length);
  const found = when.slice(offset, offset + 12);
  return new RuleFault('syntax', offset, `${found === '' ? 'the end' : JSON.stringify(found)} is not expected here`);
}

/** `has(signals.age.value)` is false, not an error, when `signals.age` is missing too. */
function withSafeTests(expression: Expression): Expression {
  const { exprKind: kind } = expression;
  if (kind.case === 'callExpr') {
    const { target, args } = kind.value;
    const value = { ...kind.value, ...(target && { target: withSafeTests(target) }), args: args.map(withSafeTests) };
    return { ...expression, exprKind: { case: 'callExpr', value } };
  }
  if (kind.case !== 'selectExpr' || !kind.value.testOnly) return expression;
  const { operand } = kind.value;
  if (operand?.exprKind.case !== 'selectExpr') return expression;
  const outer: Expression = {
    ...operand,
    exprKind: { case: 'selectExpr', value: { ...operand.exprKind.value, testOnly: true } },
  };
  const both = { $typeName: 'cel.expr.Expr.Call' as const, function: '_&&_', args: [withSafeTests(outer), expression] };
  return { ...expression, exprKind: { case: 'callExpr', value: both } };
}

function resultOf(value: unknown, { optionalPaths }: CheckedRule, variables: RuleVariables): RuleResult {
  if (typeof value === 'boolean') return { result: value ? 'match' : 'no-match' };
  if (!isCelError(value)) return { result: 'error', reason: `the condition gave ${typeof value}, expected bool` };
  // Of an `||` all sides have failed; one that failed for another reason than a missing value counts.
  const all = [value, ...(Array.isArray(value.cause) ? value.cause.filter(isCelError) : [])];
  const paths = all.map(({ exprId }) => (exprId === undefined ? undefined : optionalPaths.get(exprId)));
  const broken = all.find((_, index) => !isMissing(paths[index], variables));
  if (broken !== undefined) return { result: 'error', reason: broken.message };
  return { result: 'missing', path: paths[0]!.join('.') };
}

function isMissing(path: readonly string[] | undefined, variables: RuleVariables): boolean {
  if (path === undefined) return false;
  return path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), variables) === undefined;
}

/** JSON knows one kind of number, CEL two. */
function celInput(value: unknown, type: RuleType): CelInput | undefined {
  if (type.kind === 'object' && isRecord(value)) {
    const entries = Object.entries(type.fields).map(
      ([name, field]) => [name, celInput(value[name], field.type)] as const,
    );
    return Object.fromEntries(entries.filter(([, input]) => input !== undefined)) as CelInput;
  }
  if (type.kind === 'list' && Array.isArray(value)) return value as CelInput;
  return type.kind === 'int' && typeof value === 'number' ? BigInt(Math.round(value)) : (value as CelInput | undefined);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
