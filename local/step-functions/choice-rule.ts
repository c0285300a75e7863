import { compileLookup, compilePath, isObject, type Read, type Scope } from './json-path.ts';
import { runtimeError } from './state-error.ts';

export type Test = (scope: Scope) => boolean;

type Kind = {
  readonly has: (value: unknown) => boolean;
  readonly order: (value: unknown) => number | string | boolean;
};

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value));
}

const kinds: Readonly<Record<string, Kind>> = {
  String: { has: (value) => typeof value === 'string', order: String },
  Numeric: { has: (value) => typeof value === 'number', order: Number },
  Boolean: { has: (value) => typeof value === 'boolean', order: Boolean },
  Timestamp: { has: isTimestamp, order: (value) => Date.parse(String(value)) },
};

type Ordered = number | string | boolean;
const relations: Readonly<Record<string, (a: Ordered, b: Ordered) => boolean>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
};

const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: isTimestamp,
};

function wildcard(pattern: string): RegExp {
  const parts = pattern.match(/\\.|\*|[^\\*]+/gs) ?? [];
  const literal = (part: string) => part.replace(/^\\(.)$/s, '$1').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${parts.map((part) => (part === '*' ? '.*' : literal(part))).join('')}$`, 's');
}

function compileComparison(operator: string, expected: unknown, variable: Read): Test | undefined {
  const match = /^(String|Numeric|Boolean|Timestamp)(\w+?)(Path)?$/.exec(operator);
  const kind = kinds[match?.[1] ?? ''];
  const relation = relations[match?.[2] ?? ''];
  if (!kind || !relation || (operator.startsWith('Boolean') && match?.[2] !== 'Equals')) return undefined;
  if (match?.[3] === undefined && !kind.has(expected))
    throw new Error(`${operator} received ${JSON.stringify(expected)}`);
  const other: Read = match?.[3] === undefined ? () => expected : compilePath(String(expected));
  return (scope) => {
    const [a, b] = [variable(scope), other(scope)];
    return kind.has(a) && kind.has(b) && relation(kind.order(a), kind.order(b));
  };
}

function compileOperator(path: string, operator: string, expected: unknown): Test {
  const typeTest = typeTests[operator];
  const lookup = compileLookup(path);
  if (typeTest) {
    if (typeof expected !== 'boolean')
      throw new Error(`${operator} received ${JSON.stringify(expected)}, expected a boolean`);
    return (scope) => typeTest(lookup(scope)) === expected;
  }
  const variable: Read = (scope) => {
    const value = lookup(scope);
    if (value === undefined)
      throw runtimeError(`invalid path '${path}': the choice state's condition path references an invalid value`);
    return value;
  };
  if (operator === 'StringMatches') {
    const pattern = wildcard(String(expected));
    return (scope) => {
      const value = variable(scope);
      return typeof value === 'string' && pattern.test(value);
    };
  }
  const comparison = compileComparison(operator, expected, variable);
  if (!comparison) throw new Error(`unsupported choice operator ${operator}`);
  return comparison;
}

function compileAll(rules: unknown, operator: string): readonly Test[] {
  if (!Array.isArray(rules) || rules.length === 0) throw new Error(`${operator} expected a list of rules`);
  return rules.map(compileRule);
}

/** One rule of a `Choice` state, or a part of it. Throws when it is not supported. */
export function compileRule(rule: unknown): Test {
  if (!isObject(rule)) throw new Error(`unsupported choice rule ${JSON.stringify(rule)}`);
  const { Next: _next, Comment: _comment, Variable: path, ...operators } = rule;
  const [[operator, expected] = ['', undefined], ...more] = Object.entries(operators);
  if (more.length > 0 || operator === '')
    throw new Error(`choice rule has ${Object.keys(operators).join(', ') || 'no operator'}, expected one operator`);
  if (operator === 'Not') {
    const test = compileRule(expected);
    return (scope) => !test(scope);
  }
  if (operator === 'And' || operator === 'Or') {
    const tests = compileAll(expected, operator);
    return (scope) => (operator === 'And' ? tests.every((test) => test(scope)) : tests.some((test) => test(scope)));
  }
  if (typeof path !== 'string') throw new Error(`${operator} has no Variable`);
  return compileOperator(path, operator, expected);
}
