import { runtimeError, StateError } from './state-error.ts';

/** What an expression of a state reads: the state's data (`$`) and the context object (`$$`). */
export type Scope = { readonly data: unknown; readonly context: unknown };
export type Read = (scope: Scope) => unknown;

type Step = string | number;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const segment = /\.([^\s.[\]()'"*?@,:]+)|\[(\d+)\]|\[(?:'([^'*]+)'|"([^"*]+)")\]/y;

function parseSteps(text: string, start: number): readonly Step[] {
  const steps: Step[] = [];
  segment.lastIndex = start;
  while (segment.lastIndex < text.length) {
    const at = segment.lastIndex;
    const match = segment.exec(text);
    if (!match) throw new Error(`unsupported path ${text} at ${text.slice(at)}, expected fields and indexes only`);
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
  }
  return steps;
}

function child(value: unknown, step: Step): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Reads a path; undefined when nothing is there. Throws when `text` is no supported path (wildcards, slices, filters). */
export function compileLookup(text: string): Read {
  if (!text.startsWith('$')) throw new Error(`unsupported path ${text}, expected $ or $$`);
  const inContext = text.startsWith('$$');
  const steps = parseSteps(text, inContext ? 2 : 1);
  return (scope) => steps.reduce(child, inContext ? scope.context : scope.data);
}

/** As `compileLookup`, but a missing value is `States.Runtime`. */
export function compilePath(text: string): Read {
  const lookup = compileLookup(text);
  return (scope) => {
    const value = lookup(scope);
    if (value === undefined)
      throw runtimeError(`the JSONPath '${text}' could not be found in ${JSON.stringify(scope.data)}`);
    return value;
  };
}

function place(target: unknown, steps: readonly Step[], value: unknown, text: string): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number' && Array.isArray(target) && step < target.length) {
    return target.with(step, place(target[step], rest, value, text));
  }
  if (typeof step === 'string' && (target === undefined || isObject(target))) {
    return { ...target, [step]: place(child(target, step), rest, value, text) };
  }
  throw new StateError('States.ResultPathMatchFailure', `unable to apply ResultPath '${text}' to the input`);
}

/** `ResultPath`: puts the result into the raw input, creating objects on the way. */
export function compileResultPath(text: string): (input: unknown, result: unknown) => unknown {
  if (!text.startsWith('$') || text.startsWith('$$')) throw new Error(`unsupported ResultPath ${text}, expected $`);
  const steps = parseSteps(text, 1);
  return (input, result) => place(input, steps, result, text);
}
