import { type FieldProblem, RunwayError } from '../errors.ts';
import { shapeProblems } from '../ground-truth/field-problem.ts';
import { faultOfFeature } from '../ground-truth/validate-features.ts';
import type { ReferenceRow } from '../health/build-baseline.ts';
import * as z from '../zod.ts';
import type { Feature, TaskType } from './schemas.ts';

const finite = z.number({ error: 'expected a finite number' });
const rowSchemas = {
  binary: rowSchema(finite.min(0).max(1), z.union([z.literal(0), z.literal(1)], { error: 'expected 0 or 1' })),
  regression: rowSchema(finite, finite),
};

// Training pipelines add columns of their own; only what is binned is looked at.
function rowSchema(score: z.ZodType<number>, label: z.ZodType<number>) {
  return z.object({
    features: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
    score,
    label: label.optional(),
  });
}

// Enough to see the pattern.
const shownProblems = 10;

/**
 * Rows of an NDJSON text, one `{features, score, label?}` per line; empty lines are skipped. Throws `ArtifactUnusable`
 * (code `malformed-reference-window`) with the first ten faults, each naming its line, and when there is no row.
 */
export function parseReferenceWindow(
  text: string,
  { features, taskType }: { readonly features: readonly Feature[]; readonly taskType: TaskType },
): readonly ReferenceRow[] {
  const rows: ReferenceRow[] = [];
  const problems: FieldProblem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = parseRow(line, features, taskType);
    if (typeof row === 'string')
      problems.push({ field: '/referenceWindow/uri', code: 'malformed-line', reason: `line ${index + 1}: ${row}` });
    else rows.push(row);
    if (problems.length >= shownProblems) break;
  }
  const first = problems[0]?.reason ?? (rows.length === 0 ? 'no row' : undefined);
  if (first !== undefined)
    throw new RunwayError(
      'ArtifactUnusable',
      'malformed-reference-window',
      `the reference window cannot be used: ${first}`,
      problems,
    );
  return rows;
}

function parseRow(line: string, features: readonly Feature[], taskType: TaskType): ReferenceRow | string {
  const json = parseLine(line);
  if (json === undefined) return 'not JSON';
  const parsed = rowSchemas[taskType].safeParse(json, { reportInput: true });
  if (!parsed.success)
    return shapeProblems(parsed.error)
      .map(({ field, reason }) => `${field}: ${reason}`)
      .join('; ');
  const fault = features
    .map((feature) => faultOfFeature(feature, parsed.data.features[feature.name]))
    .find((found) => found !== undefined);
  return fault === undefined ? parsed.data : `${fault.field}: ${fault.reason}`;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
