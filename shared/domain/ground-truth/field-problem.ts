import type { FieldProblem } from '../errors.ts';
import type * as z from '../zod.ts';

const nonFiniteText = /^[+-]?(nan|inf(inity)?)$/i;

export function problem(field: string, code: string, reason: string): FieldProblem {
  return { field, code, reason };
}

const codeByIssue: Readonly<Record<string, string>> = {
  invalid_format: 'wrong-format',
  too_small: 'too-small',
  too_big: 'too-big',
};

/** Of an error that was parsed with `reportInput`. */
export function shapeProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const field = issue.path.map((part) => `/${escapePointer(String(part))}`).join('');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => problem(`${field}/${escapePointer(key)}`, 'unknown-field', 'no such field'));
    if (issue.input === undefined) return [problem(field, 'missing', `required; ${issue.message}`)];
    const isNumber = issue.code === 'invalid_type' && issue.expected === 'number';
    const code = isNumber ? numberFault(issue.input) : (codeByIssue[issue.code] ?? 'wrong-type');
    return [problem(field, code, issue.message)];
  });
}

/** JSON has no NaN: it comes as text, or as a number too large for a double. */
export function numberFault(value: unknown): 'not-finite' | 'wrong-type' {
  const isNonFinite = typeof value === 'number' || (typeof value === 'string' && nonFiniteText.test(value));
  return isNonFinite ? 'not-finite' : 'wrong-type';
}

export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  // An object's own text may be anything, or not even be one.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}

export function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
