import { compilePath, type Read } from './json-path.ts';
import { StateError } from './state-error.ts';

type Intrinsic = { readonly arity: readonly [number, number]; readonly apply: (values: readonly unknown[]) => unknown };

function failure(message: string): StateError {
  return new StateError('States.IntrinsicFailure', message);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw failure(`received ${JSON.stringify(value)}, expected a string`);
  return value;
}

function integer(value: unknown): number {
  if (typeof value !== 'number') throw failure(`received ${JSON.stringify(value)}, expected a number`);
  return Math.round(value);
}

function array(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw failure(`received ${JSON.stringify(value)}, expected an array`);
  return value;
}

function format([template, ...values]: readonly unknown[]): string {
  const parts = text(template).split('{}');
  if (parts.length - 1 !== values.length)
    throw failure(`States.Format has ${parts.length - 1} {} for ${values.length} values`);
  const shown = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return parts.map((part, i) => part + (shown[i] ?? '')).join('');
}

function parseJson(value: unknown): unknown {
  try {
    return JSON.parse(text(value));
  } catch {
    throw failure(`States.StringToJson received ${JSON.stringify(value)}`);
  }
}

function item(list: unknown, index: unknown): unknown {
  const found = array(list)[integer(index)];
  if (found === undefined) throw failure(`States.ArrayGetItem has no item ${index}`);
  return found;
}

// States.UUID is left out: a task that is repeated after a crash must see the same input.
const intrinsics: Readonly<Record<string, Intrinsic>> = {
  'States.Format': { arity: [1, 20], apply: format },
  'States.JsonToString': { arity: [1, 1], apply: ([value]) => JSON.stringify(value) },
  'States.StringToJson': { arity: [1, 1], apply: ([value]) => parseJson(value) },
  'States.MathAdd': { arity: [2, 2], apply: ([a, b]) => integer(a) + integer(b) },
  'States.Array': { arity: [0, 100], apply: (values) => values },
  'States.ArrayLength': { arity: [1, 1], apply: ([list]) => array(list).length },
  'States.ArrayGetItem': { arity: [2, 2], apply: ([list, index]) => item(list, index) },
};

const token = /\s*(?:(States\.\w+)\s*\(|'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)|(true|false|null)|(\$[^\s,)]*)|(.))/y;
const separator = /\s*([,)])/y;

function parseArguments(source: string, start: number): { readonly reads: readonly Read[]; readonly end: number } {
  const reads: Read[] = [];
  const empty = /\s*\)/y;
  empty.lastIndex = start;
  if (empty.test(source)) return { reads, end: empty.lastIndex };
  for (let at = start; ; ) {
    const { read, end } = parse(source, at);
    reads.push(read);
    separator.lastIndex = end;
    const match = separator.exec(source);
    if (!match) throw new Error(`unreadable intrinsic ${source} at ${source.slice(end)}, expected , or )`);
    at = separator.lastIndex;
    if (match[1] === ')') return { reads, end: at };
  }
}

function parseCall(name: string, source: string, start: number): { readonly read: Read; readonly end: number } {
  const intrinsic = intrinsics[name];
  if (!intrinsic)
    throw new Error(`unsupported intrinsic ${name}, expected one of ${Object.keys(intrinsics).join(', ')}`);
  const { reads, end } = parseArguments(source, start);
  const [least, most] = intrinsic.arity;
  if (reads.length < least || reads.length > most)
    throw new Error(`${name} received ${reads.length} arguments in ${source}`);
  return { read: (scope) => intrinsic.apply(reads.map((read) => read(scope))), end };
}

function parse(source: string, start: number): { readonly read: Read; readonly end: number } {
  token.lastIndex = start;
  const [, name, quoted, number, word, path] = token.exec(source) ?? [];
  const end = token.lastIndex;
  if (name !== undefined) return parseCall(name, source, end);
  if (path !== undefined) return { read: compilePath(path), end };
  if (quoted !== undefined) {
    const literal = quoted.replace(/\\(.)/g, '$1');
    return { read: () => literal, end };
  }
  if (number === undefined && word === undefined)
    throw new Error(`unreadable intrinsic ${source} at ${source.slice(start)}`);
  const literal: unknown = JSON.parse(number ?? word ?? '');
  return { read: () => literal, end };
}

/** A path or an intrinsic function, as the value of a `….$` field. Throws when it is neither or not supported. */
export function compileExpression(source: string): Read {
  if (source.startsWith('$')) return compilePath(source);
  if (!source.startsWith('States.'))
    throw new Error(`unsupported expression ${source}, expected a path or an intrinsic`);
  const { read, end } = parse(source, 0);
  if (source.slice(end).trim() !== '') throw new Error(`unreadable intrinsic ${source} at ${source.slice(end)}`);
  return read;
}
