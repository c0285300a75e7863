import { RunwayError } from '../domain/errors.ts';

const usualDepth = 32;
// In valid JSON these tokens are all that is needed to know where a key stands.
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * `JSON.parse` that refuses what it would silently let through: duplicate keys, the key `__proto__`, and
 * nesting deeper than 32 or what is said instead. Throws `MalformedRequest`.
 */
export function parseJson(text: string, maximumDepth = usualDepth): unknown {
  const value = parse(text);
  checkStructure(text, maximumDepth);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed('malformed-json', `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function checkStructure(text: string, maximumDepth: number): void {
  // One entry per open bracket: the keys seen so far, or undefined for an array.
  const open: (Set<string> | undefined)[] = [];
  let keyExpected = false;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      if (open.push(token === '{' ? new Set() : undefined) > maximumDepth)
        throw malformed('nested-too-deep', `the body nests deeper than ${maximumDepth}`);
    } else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && keyExpected) checkKey(JSON.parse(token), open.at(-1));
    keyExpected = (token === '{' || token === ',') && open.at(-1) !== undefined;
  }
}

function checkKey(key: string, seen: Set<string> | undefined): void {
  if (key === '__proto__') throw malformed('hostile-key', 'the key "__proto__" is not allowed');
  if (seen?.has(key)) throw malformed('duplicate-key', `the key ${JSON.stringify(key)} occurs twice in one object`);
  seen?.add(key);
}

function malformed(code: string, message: string): RunwayError {
  return new RunwayError('MalformedRequest', code, message);
}
