import type { FieldProblem } from '../domain/errors.ts';
import { RunwayError } from '../domain/errors.ts';
import type * as z from '../domain/zod.ts';

const codeByIssue: Readonly<Record<string, string>> = {
  invalid_type: 'wrong-type',
  too_small: 'too-small',
  too_big: 'too-big',
  invalid_format: 'wrong-format',
  invalid_value: 'not-allowed',
  invalid_union: 'no-alternative-matches',
  not_multiple_of: 'not-allowed',
  invalid_key: 'invalid-key',
  invalid_element: 'invalid-element',
};

/**
 * One problem per violated rule, at its JSON pointer below `prefix`. Codes: `missing`, `unknown-field`, `wrong-type`,
 * `too-small`, `too-big`, `wrong-format`, `not-allowed`, `no-alternative-matches`, `invalid-key`, `invalid`.
 */
export function fieldProblems(error: z.ZodError, input: unknown, prefix = ''): readonly FieldProblem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: prefix + pointer([...issue.path, key]),
        code: 'unknown-field',
        reason: 'no such field',
      }));
    }
    const isMissing = issue.code === 'invalid_type' && valueAt(input, issue.path) === undefined;
    const code = isMissing ? 'missing' : (codeByIssue[issue.code] ?? 'invalid');
    return {
      field: prefix + pointer(issue.path),
      code,
      reason: isMissing ? `required; ${issue.message}` : issue.message,
    };
  });
}

// An answer has to fit Lambda's 6 MB, whatever was sent.
const shownProblems = 100;

/** Parses or throws `InvalidRequest` (code `invalid-request`) with the violated rules, a hundred at most. */
export function parseOrThrow<T>(schema: z.ZodType<T>, input: unknown, prefix = ''): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = fieldProblems(result.error, input, prefix);
  const count = problems.length === 1 ? '1 field is' : `${problems.length} fields are`;
  throw new RunwayError(
    'InvalidRequest',
    'invalid-request',
    `${count} not as expected`,
    problems.slice(0, shownProblems),
  );
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    input,
  );
}
