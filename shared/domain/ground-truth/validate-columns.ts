import type { FieldProblem } from '../errors.ts';
import type { ColumnContext } from './column-checks.ts';
import { recordOfRow, shownRecord } from './column-row.ts';
import { type JoinInput, joinInputOf } from './join-input.ts';
import { outcomesOf } from './outcome-columns.ts';
import { predictionsOf } from './prediction-columns.ts';
import { validateEvent } from './validate-record.ts';
import type { ColumnGroup, WireColumns } from './wire-columns.ts';

/** `record` is the row as an object, cut where it is long or deep. */
export type RejectedRow = {
  readonly index: number;
  readonly problems: readonly FieldProblem[];
  readonly record: unknown;
};

/** By index, predictions first, then outcomes; undefined where a row was rejected. */
export type ValidatedColumns = {
  readonly inputs: readonly (JoinInput | undefined)[];
  readonly rejected: readonly RejectedRow[];
};

/**
 * Checks whole columns. Only a row that does not pass becomes a record and is told what is wrong with it by the rules
 * for records.
 */
export function validateColumns(columns: WireColumns, context: ColumnContext): ValidatedColumns {
  const { predictions, outcomes, businessMetrics } = columns;
  const rejected: RejectedRow[] = [];
  const look = (kind: JoinInput['kind'], group: ColumnGroup, row: number): JoinInput | undefined => {
    const record = recordOfRow(kind, group, row, context.model.modelId);
    const result = validateEvent({ kind, record }, context.model, context.arrival, context.bucket);
    if (result.ok) return joinInputOf(result.record);
    rejected.push({ index: inputs.length, problems: result.problems, record: shownRecord(record) });
    return undefined;
  };
  const inputs: (JoinInput | undefined)[] = [];
  let row = 0;
  for (const record of predictionsOf(predictions, context)) {
    inputs.push(record === undefined ? look('prediction', predictions, row) : { kind: 'prediction', record });
    row += 1;
  }
  row = 0;
  for (const record of outcomesOf(outcomes, context)) {
    inputs.push(record === undefined ? look('outcome', outcomes, row) : { kind: 'outcome', record });
    row += 1;
  }
  // There are few of them: at most one for many predictions.
  for (row = 0; row < businessMetrics.rows; row += 1) inputs.push(look('business-metric', businessMetrics, row));
  return { inputs, rejected };
}

/** Of all groups, each version once; those in shadow, too. */
export function versionsNamed({ predictions, businessMetrics }: WireColumns): readonly number[] {
  const { fields, shadows } = predictions;
  const served = new Set<unknown>(fields.get('modelVersion'));
  for (const version of businessMetrics.fields.get('modelVersion') ?? []) served.add(version);
  const named = [...served, ...[...shadows.keys()].map(Number)];
  // NaN is no version but the lack of one.
  return named.filter((version): version is number => typeof version === 'number' && !Number.isNaN(version));
}
