import { toMillis } from '../time.ts';
import {
  type ColumnContext,
  isId,
  keepAbsent,
  keepNumbers,
  keepOptional,
  keepRows,
  numberAt,
  type Rows,
  textAt,
} from './column-checks.ts';
import type { JoinOutcome } from './join-input.ts';
import { type ColumnGroup, cellAt } from './wire-columns.ts';
import { bucketOf } from './wire-format.ts';

const known: ReadonlySet<string> = new Set([
  'predictionId',
  'predictedAt',
  'observedAt',
  'label',
  'outcomeType',
  'itemId',
  'businessValue',
]);

/** Undefined where a row has to be looked at on its own. */
export function outcomesOf(group: ColumnGroup, context: ColumnContext): (JoinOutcome | undefined)[] {
  if (group.rows === 0) return [];
  const rows: Rows = new Uint8Array(group.rows).fill(1);
  keepFields(rows, group, context);
  keepTimes(rows, group, context);
  keepLabels(rows, group, context);
  return recordsOf(rows, group);
}

function keepFields(rows: Rows, { fields }: ColumnGroup, { model, bucket }: ColumnContext): void {
  const { buckets } = model;
  keepRows(rows, fields.get('predictionId'), (id) => isId(id) && (buckets === 1 || bucketOf(id, buckets) === bucket));
  keepOptional(rows, fields.get('itemId'), isId);
  keepOptional(rows, fields.get('businessValue'), (value) => typeof value === 'number' && Number.isFinite(value));
  for (const [name, values] of fields) if (!known.has(name)) keepAbsent(rows, values);
}

function keepTimes(rows: Rows, { fields }: ColumnGroup, { model, arrival }: ColumnContext): void {
  const earliest = toMillis(model.registeredAt);
  const latest = toMillis(arrival.latest);
  const observed = fields.get('observedAt');
  keepNumbers(rows, observed, { least: earliest, most: latest, kind: 'whole' });
  const predicted = fields.get('predictedAt');
  if (predicted === undefined) return;
  for (let row = 0; row < rows.length; row += 1) {
    const at = cellAt(predicted, row);
    // What was observed is not later than the latest.
    const isFine = Number.isInteger(at) && Number(at) >= earliest && Number(at) <= Number(observed?.[row]);
    if (at !== null && !isFine) rows[row] = 0;
  }
}

function keepLabels(rows: Rows, { fields }: ColumnGroup, { model: { outcomeTypes } }: ColumnContext): void {
  const kinds = new Map<unknown, 'binary' | 'numeric'>(outcomeTypes.map(({ name, kind }) => [name, kind]));
  const primary = outcomeTypes[0]?.kind;
  const types = fields.get('outcomeType');
  const labels = fields.get('label');
  for (let row = 0; row < rows.length; row += 1) {
    const label = labels && cellAt(labels, row);
    const type = (types && cellAt(types, row)) ?? undefined;
    const kind = type === undefined ? primary : kinds.get(type);
    const isFine = kind === 'binary' ? label === 0 || label === 1 : kind === 'numeric' && Number.isFinite(label);
    if (!isFine) rows[row] = 0;
  }
}

function recordsOf(rows: Rows, { fields }: ColumnGroup): (JoinOutcome | undefined)[] {
  // Checked above: a marked row's values are of these types.
  const numbers = (name: string) => fields.get(name) as readonly number[] | Float64Array;
  const ids = fields.get('predictionId') as readonly string[];
  const [times, labels] = [numbers('observedAt'), numbers('label')];
  const [predicted, values] = [fields.get('predictedAt'), fields.get('businessValue')];
  const [types, items] = [fields.get('outcomeType'), fields.get('itemId')];
  const records: (JoinOutcome | undefined)[] = [];
  for (let row = 0; row < rows.length; row += 1) {
    if (rows[row] === 0) {
      records.push(undefined);
      continue;
    }
    const record: { -readonly [K in keyof JoinOutcome]: JoinOutcome[K] } = {
      predictionId: ids[row]!,
      observedAt: times[row]!,
      label: labels[row]!,
    };
    const predictedAt = numberAt(predicted, row);
    const outcomeType = textAt(types, row);
    const itemId = textAt(items, row);
    const businessValue = numberAt(values, row);
    if (predictedAt !== undefined) record.predictedAt = predictedAt;
    if (outcomeType !== undefined) record.outcomeType = outcomeType;
    if (itemId !== undefined) record.itemId = itemId;
    if (businessValue !== undefined) record.businessValue = businessValue;
    records.push(record);
  }
  return records;
}
