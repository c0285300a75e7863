/** Whether an event matches. Absent fields are undefined. */
export type EventPattern = (event: unknown) => boolean;

type Test = (value: unknown) => boolean;

/** Compiles an EventBridge pattern (also used by event source filters); throws an Error for an unknown operator. */
export function compilePattern(pattern: unknown): EventPattern {
  if (!isObject(pattern)) throw new Error(`an event pattern is an object, not ${JSON.stringify(pattern)}`);
  const tests = Object.entries(pattern).map(([key, value]) =>
    key === '$or' ? compileOr(value) : compileField(key, value),
  );
  return (event) => tests.every((test) => test(event));
}

function compileOr(alternatives: unknown): Test {
  if (!Array.isArray(alternatives)) throw new Error('$or takes an array of patterns');
  const tests = alternatives.map(compilePattern);
  return (event) => tests.some((test) => test(event));
}

function compileField(key: string, value: unknown): Test {
  const field = (event: unknown) => (isObject(event) ? event[key] : undefined);
  if (!Array.isArray(value)) {
    const nested = compilePattern(value);
    // An array of objects matches when one of them does.
    return (event) => [field(event)].flat().some(nested);
  }
  const tests = value.map(compileAlternative);
  return (event) => {
    const found = field(event);
    const values = Array.isArray(found) && found.length > 0 ? found : [found];
    return tests.some((test) => values.some(test));
  };
}

function compileAlternative(alternative: unknown): Test {
  if (!isObject(alternative)) return (value) => value === alternative;
  const [[operator, operand] = ['', undefined], ...others] = Object.entries(alternative);
  const compile = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (compile === undefined || others.length > 0) {
    throw new Error(`event pattern operator ${JSON.stringify(alternative)} is not emulated`);
  }
  return compile(operand);
}

const operators: Readonly<Record<string, (operand: unknown) => Test>> = {
  prefix: (operand) => onText(operand, (value, prefix) => value.startsWith(prefix)),
  suffix: (operand) => onText(operand, (value, suffix) => value.endsWith(suffix)),
  'equals-ignore-case': (operand) => onText(operand, (value, other) => value.toLowerCase() === other.toLowerCase()),
  exists: (operand) => (value) => (value !== undefined) === operand,
  numeric: compileNumeric,
  'anything-but'(operand) {
    const excluded = [operand].flat().map(compileAlternative);
    return (value) => value !== undefined && !excluded.some((test) => test(value));
  },
};

function onText(operand: unknown, compare: (value: string, operand: string) => boolean): Test {
  if (typeof operand !== 'string') throw new Error(`a text is expected, not ${JSON.stringify(operand)}`);
  return (value) => typeof value === 'string' && compare(value, operand);
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function compileNumeric(operand: unknown): Test {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  if (parts.length !== 2 && parts.length !== 4) throw new Error(`not a numeric pattern: ${JSON.stringify(operand)}`);
  const bounds = parts.flatMap((part, index) => {
    if (index % 2 === 1) return [];
    const compare = comparisons[String(part)];
    const bound = parts[index + 1];
    if (compare === undefined || typeof bound !== 'number') {
      throw new Error(`not a numeric pattern: ${JSON.stringify(operand)}`);
    }
    return [(value: number) => compare(value, bound)];
  });
  return (value) => typeof value === 'number' && bounds.every((isWithin) => isWithin(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
