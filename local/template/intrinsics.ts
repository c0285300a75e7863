/** What a template's functions refer to. Each throws an Error that says what is missing. */
export interface Scope {
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  importedValue(exportName: string): unknown;
  mapped(map: string, first: string, second: string): unknown;
  /** The condition's expression. */
  condition(name: string): unknown;
}

/** Stands for a property that is not there (`AWS::NoValue`). */
export const noValue: unique symbol = Symbol('AWS::NoValue');

export const availabilityZones: readonly string[] = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

/**
 * Replaces every intrinsic function in `value` by what it stands for. Throws an Error that begins with the path of what
 * cannot be resolved.
 */
export function resolveIntrinsics(value: unknown, scope: Scope, path: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => resolveIntrinsics(item, scope, `${path}[${index}]`)).filter(isPresent);
  }
  if (!isRecord(value)) return value;
  const [name = '', ...others] = Object.keys(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return call(name, value[name], scope, path);
  }
  const entries = Object.entries(value).map(([key, item]) => [key, resolveIntrinsics(item, scope, `${path}.${key}`)]);
  return Object.fromEntries(entries.filter(([, item]) => isPresent(item)));
}

/** Whether the condition called `name` holds. */
export function holds(name: string, scope: Scope, path: string): boolean {
  return evaluate(scope.condition(name), scope, `${path} (condition ${name})`);
}

function isPresent(value: unknown): boolean {
  return value !== noValue;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function call(name: string, argument: unknown, scope: Scope, path: string): unknown {
  const implementation = functions[name];
  if (implementation === undefined) throw new Error(`${path}: ${name} is not supported`);
  try {
    return implementation(argument, scope, path);
  } catch (error) {
    if (!(error instanceof Error) || error.message.startsWith(path)) throw error;
    throw new Error(`${path}: ${name} ${JSON.stringify(argument)}: ${error.message}`, { cause: error });
  }
}

type Implementation = (argument: unknown, scope: Scope, path: string) => unknown;

const functions: Readonly<Record<string, Implementation>> = {
  Ref: (argument, scope) => scope.ref(text(argument)),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...attribute] = Array.isArray(argument) ? argument.map(text) : text(argument).split('.');
    return scope.attribute(text(logicalId), attribute.join('.'));
  },
  'Fn::ImportValue': (argument, scope, path) => scope.importedValue(text(resolveIntrinsics(argument, scope, path))),
  'Fn::Join': (argument, scope, path) => {
    const [separator, items] = list(argument);
    return list(resolveIntrinsics(items, scope, path))
      .map(scalar)
      .join(text(separator));
  },
  'Fn::Sub': substitute,
  'Fn::Select': (argument, scope, path) => {
    const [index, items] = list(resolveIntrinsics(argument, scope, path));
    const selected = list(items)[Number(index)];
    if (selected === undefined) throw new Error('selects what is not there');
    return selected;
  },
  'Fn::Split': (argument, scope, path) => {
    const [separator, source] = list(resolveIntrinsics(argument, scope, path));
    return text(source).split(text(separator));
  },
  'Fn::If': (argument, scope, path) => {
    const [condition, yes, no] = list(argument);
    return resolveIntrinsics(holds(text(condition), scope, path) ? yes : no, scope, path);
  },
  'Fn::FindInMap': (argument, scope, path) => {
    const [map, first, second] = list(resolveIntrinsics(argument, scope, path)).map(text);
    return scope.mapped(map ?? '', first ?? '', second ?? '');
  },
  'Fn::Base64': (argument, scope, path) =>
    Buffer.from(text(resolveIntrinsics(argument, scope, path))).toString('base64'),
  'Fn::GetAZs': () => availabilityZones,
};

function substitute(argument: unknown, scope: Scope, path: string): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  const values = resolveIntrinsics(given, scope, path);
  return text(template).replace(/\$\{(!?)([^}]+)\}/g, (whole, isLiteral: string, name: string) => {
    if (isLiteral !== '') return whole.replace('!', '');
    if (isRecord(values) && Object.hasOwn(values, name)) return scalar(values[name]);
    const dot = name.indexOf('.');
    return scalar(dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1)));
  });
}

function evaluate(expression: unknown, scope: Scope, path: string): boolean {
  const [[operator, operands] = ['', undefined]] = Object.entries(isRecord(expression) ? expression : {});
  if (operator === 'Condition') return holds(text(operands), scope, path);
  if (operator === 'Fn::Equals') {
    const [left, right] = list(resolveIntrinsics(operands, scope, path));
    return String(left) === String(right);
  }
  const results = () => list(operands).map((operand) => evaluate(operand, scope, path));
  if (operator === 'Fn::And') return !results().includes(false);
  if (operator === 'Fn::Or') return results().includes(true);
  if (operator === 'Fn::Not') return !results().includes(true);
  throw new Error(`${path}: ${JSON.stringify(expression)} is no condition`);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`expected text, got ${JSON.stringify(value)}`);
  return value;
}

function scalar(value: unknown): string {
  if (typeof value === 'object' || value === undefined) throw new Error(`cannot join ${JSON.stringify(value)}`);
  return String(value);
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`expected a list, got ${JSON.stringify(value)}`);
  return value;
}
