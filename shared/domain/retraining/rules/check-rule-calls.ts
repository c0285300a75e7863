import { celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import type { Expression, RuleChecker } from './rule-expression.ts';
import { type RuleType, typeWords } from './rule-type.ts';

export type Call = Extract<Expression['exprKind'], { case: 'callExpr' }>['value'];
type Check = (call: Call, expression: Expression, checker: RuleChecker) => RuleType;

const bool: RuleType = { kind: 'bool' };
const numbers: readonly RuleType['kind'][] = ['int', 'double'];
const texts: readonly RuleType['kind'][] = ['string', 'enum'];

const checks: Readonly<Record<string, Check>> = {
  '_&&_': allBool,
  '_||_': allBool,
  '!_': allBool,
  '_?_:_': choice,
  '_==_': equality,
  '_!=_': equality,
  '_<_': order,
  '_<=_': order,
  '_>_': order,
  '_>=_': order,
  '_+_': arithmetic,
  '_-_': arithmetic,
  '_*_': arithmetic,
  '_/_': arithmetic,
  '_%_': arithmetic,
  '-_': arithmetic,
  '@in': membership,
  startsWith: textTest,
  endsWith: textTest,
  contains: textTest,
  matches: textTest,
  size: ({ args, target }, expression, checker) => {
    expectKind(target ?? args[0], ['string', 'list'], checker, expression);
    return { kind: 'int' };
  },
  int: conversion('int'),
  double: conversion('double'),
};

const callable = ['has', 'size', 'int', 'double', 'startsWith', 'endsWith', 'contains', 'matches'];

/** Type of an operator's or function's result. Throws `RuleFault`. */
export function checkCall(expression: Expression, call: Call, checker: RuleChecker): RuleType {
  const check = Object.hasOwn(checks, call.function) ? checks[call.function] : undefined;
  if (check !== undefined) return check(call, expression, checker);
  if (call.function === '_[_]')
    throw checker.fault(expression, 'type-mismatch', 'no index is part of the rules; write signals.performance');
  const expected = `expected one of ${callable.join(', ')}`;
  throw checker.fault(expression, 'unknown-name', `unknown function ${JSON.stringify(call.function)}, ${expected}`);
}

function allBool({ args }: Call, expression: Expression, checker: RuleChecker): RuleType {
  for (const arg of args) expectKind(arg, ['bool'], checker, expression);
  return bool;
}

function choice({ args }: Call, expression: Expression, checker: RuleChecker): RuleType {
  const [condition, yes, no] = args;
  expectKind(condition, ['bool'], checker, expression);
  const type = checker.typeOf(yes!);
  expectKind(no, [type.kind], checker, expression);
  return type;
}

function equality({ args }: Call, expression: Expression, checker: RuleChecker): RuleType {
  const [left, right] = [checker.typeOf(args[0]!), checker.typeOf(args[1]!)];
  expectComparable(left, right, args, expression, checker);
  if (left.kind === 'list' || left.kind === 'object')
    throw checker.fault(expression, 'type-mismatch', `${typeWords(left)} cannot be compared`);
  return bool;
}

function order({ args }: Call, expression: Expression, checker: RuleChecker): RuleType {
  const left = expectKind(args[0], [...numbers, 'string'], checker, expression);
  expectKind(args[1], left.kind === 'string' ? ['string'] : numbers, checker, expression);
  return bool;
}

/** CEL converts no numbers: 1 is an int and 1.0 a double. */
function arithmetic({ function: name, args }: Call, expression: Expression, checker: RuleChecker): RuleType {
  const allowed: readonly RuleType['kind'][] = name === '_%_' ? ['int'] : numbers;
  const left = expectKind(args[0], allowed, checker, expression);
  if (args[1] === undefined) return left;
  const right = checker.typeOf(args[1]);
  if (right.kind !== left.kind)
    throw checker.fault(
      args[1],
      'type-mismatch',
      `${left.kind} and ${typeWords(right)} in one calculation, expected both of a kind: 1.0 or double(n)`,
    );
  return left;
}

function membership({ args }: Call, expression: Expression, checker: RuleChecker): RuleType {
  const element = checker.typeOf(args[0]!);
  const list = expectKind(args[1], ['list'], checker, expression);
  if (list.kind !== 'list' || list.element === undefined) return bool;
  const listed = args[1]!.exprKind;
  if (listed.case !== 'listExpr') {
    expectComparable(element, list.element, args, expression, checker);
    return bool;
  }
  for (const item of listed.value.elements)
    expectComparable(element, list.element, [args[0]!, item], expression, checker);
  return bool;
}

function textTest({ function: name, target, args }: Call, expression: Expression, checker: RuleChecker): RuleType {
  const [text, pattern] = target === undefined ? args : [target, args[0]];
  expectKind(text, texts, checker, expression);
  expectKind(pattern, ['string'], checker, expression);
  if (name !== 'matches') return bool;
  const constant = textOf(pattern!);
  if (constant === undefined || !isPattern(constant))
    throw checker.fault(pattern!, 'type-mismatch', 'expected a regular expression of RE2 syntax, in quotes');
  return bool;
}

function conversion(kind: 'int' | 'double'): Check {
  return ({ args }, expression, checker) => {
    expectKind(args[0], numbers, checker, expression);
    return { kind };
  };
}

function expectKind(
  arg: Expression | undefined,
  kinds: readonly RuleType['kind'][],
  checker: RuleChecker,
  call: Expression,
): RuleType {
  if (arg === undefined) throw checker.fault(call, 'type-mismatch', 'an argument is missing');
  const type = checker.typeOf(arg);
  // A text of limited values is a text.
  if (kinds.includes(type.kind) || (type.kind === 'enum' && kinds.includes('string'))) return type;
  throw checker.fault(arg, 'type-mismatch', `${typeWords(type)}, expected ${kinds.join(' or ')}`);
}

function expectComparable(
  left: RuleType,
  right: RuleType,
  [leftArg, rightArg]: readonly Expression[],
  expression: Expression,
  checker: RuleChecker,
): void {
  expectValue(left, rightArg, checker);
  expectValue(right, leftArg, checker);
  const family = ({ kind }: RuleType) => (numbers.includes(kind) ? 'number' : texts.includes(kind) ? 'text' : kind);
  if (family(left) === family(right)) return;
  throw checker.fault(
    rightArg ?? expression,
    'type-mismatch',
    `${typeWords(left)} against ${typeWords(right)}, expected both of a kind`,
  );
}

/** A text that the other side never has is a slip of the pen. */
function expectValue(type: RuleType, against: Expression | undefined, checker: RuleChecker): void {
  const text = against && textOf(against);
  if (type.kind !== 'enum' || against === undefined || text === undefined || type.values.includes(text)) return;
  throw checker.fault(against, 'unknown-name', `unknown value ${JSON.stringify(text)}, expected ${typeWords(type)}`);
}

function textOf({ exprKind: kind }: Expression): string | undefined {
  if (kind.case !== 'constExpr' || kind.value.constantKind.case !== 'stringValue') return undefined;
  return kind.value.constantKind.value;
}

function isPattern(pattern: string): boolean {
  return !isCelError(plan(celEnv(), parse(`"".matches(${JSON.stringify(pattern)})`))());
}
