import { type FieldProblem, RunwayError } from '../errors.ts';
import { shapeProblems } from '../ground-truth/field-problem.ts';
import { faultOfFeature } from '../ground-truth/validate-features.ts';
import type { ReferenceRow } from '../health/reference-row.ts';
import { type Instant, instantSchema, toMillis } from '../time.ts';
import * as z from '../zod.ts';
import type { Feature, ReferenceColumnNames, TaskType } from './schemas.ts';

/** What rows of a reference window must be like. */
export type ReferenceSchema = {
  readonly features: readonly Feature[];
  readonly taskType: TaskType;
  /** Both included. */
  readonly from: Instant;
  readonly to: Instant;
  /** Of a table: the names of the columns beside the features. */
  readonly columns?: ReferenceColumnNames | undefined;
};

export type ReferenceRowReader = {
  /** The row; undefined when it is faulty. `place` names it in the message. Throws at the tenth fault. */
  read(row: unknown, place: string): ReferenceRow | undefined;
  /** Throws when a row was faulty, or none came. */
  finish(): void;
};

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
    predictedAt: z
      .union([z.number(), instantSchema], { error: 'expected Unix milliseconds or an ISO-8601 date-time with zone' })
      .optional(),
  });
}

// Enough to see the pattern.
const shownProblems = 10;

/** Reads row by row; what it throws is `ArtifactUnusable` (code `malformed-reference-window`) with the first ten faults. */
export function createReferenceRowReader(schema: ReferenceSchema): ReferenceRowReader {
  const problems: FieldProblem[] = [];
  const bounds = { from: toMillis(schema.from), to: toMillis(schema.to) };
  let rows = 0;
  let hasTimes: boolean | undefined;
  const refuse = (place: string, reason: string) => {
    problems.push({ field: '/referenceWindow/uri', code: 'malformed-line', reason: `${place}: ${reason}` });
    if (problems.length >= shownProblems) throw unusable(problems);
  };
  return {
    read: (row, place) => {
      const parsed = parseRow(row, schema, bounds);
      if (typeof parsed === 'string') return void refuse(place, parsed);
      const hasTime = parsed.predictedAtMillis !== undefined;
      hasTimes ??= hasTime;
      if (hasTime !== hasTimes)
        return void refuse(place, `expected ${hasTimes ? 'a' : 'no'} predictedAt, as in the rows before`);
      rows += 1;
      return parsed;
    },
    finish: () => {
      if (problems.length > 0 || rows === 0) throw unusable(problems);
    },
  };
}

function unusable(problems: readonly FieldProblem[]): RunwayError {
  const message = `the reference window cannot be used: ${problems[0]?.reason ?? 'no row'}`;
  return new RunwayError('ArtifactUnusable', 'malformed-reference-window', message, problems);
}

function parseRow(
  row: unknown,
  { features, taskType, from, to }: ReferenceSchema,
  bounds: { readonly from: number; readonly to: number },
): ReferenceRow | string {
  if (row === undefined) return 'not JSON';
  const parsed = rowSchemas[taskType].safeParse(row, { reportInput: true });
  if (!parsed.success)
    return shapeProblems(parsed.error)
      .map(({ field, reason }) => `${field}: ${reason}`)
      .join('; ');
  const { predictedAt, ...values } = parsed.data;
  const fault = features
    .map((feature) => faultOfFeature(feature, values.features[feature.name]))
    .find((found) => found !== undefined);
  if (fault !== undefined) return `${fault.field}: ${fault.reason}`;
  if (predictedAt === undefined) return values;
  const predictedAtMillis = typeof predictedAt === 'number' ? predictedAt : toMillis(predictedAt);
  const isInside = predictedAtMillis >= bounds.from && predictedAtMillis <= bounds.to;
  return isInside
    ? { ...values, predictedAtMillis }
    : `/predictedAt: expected from ${from} to ${to}, got ${predictedAt}`;
}
