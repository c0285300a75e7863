import { toMillis } from '../time.ts';
import {
  type ColumnContext,
  isId,
  keepAbsent,
  keepNumbers,
  keepOptional,
  keepRows,
  numberAt,
  numbersOf,
  type Rows,
  textAt,
  textsOf,
} from './column-checks.ts';
import type { FeatureColumn, FeatureColumns } from './feature-columns.ts';
import type { JoinPrediction } from './join-input.ts';
import type { ServedModel } from './served-model.ts';
import { type ColumnGroup, cellAt, type WireColumn } from './wire-columns.ts';
import { bucketOf } from './wire-format.ts';

const known: ReadonlySet<string> = new Set([
  'predictionId',
  'modelVersion',
  'predictedAt',
  'score',
  'rolloutId',
  'scoredAt',
  'samplingRatio',
  'items',
]);

/** Undefined where a row has to be looked at on its own. */
export function predictionsOf(group: ColumnGroup, context: ColumnContext): (JoinPrediction | undefined)[] {
  if (group.rows === 0) return [];
  const rows: Rows = new Uint8Array(group.rows).fill(1);
  keepFields(rows, group, context);
  keepTimes(rows, group, context);
  keepShadows(rows, group, context.model);
  const columns = featureColumns(rows, group, context.model);
  return recordsOf(rows, group, columns);
}

function keepFields(rows: Rows, { fields }: ColumnGroup, { model, bucket }: ColumnContext): void {
  const { buckets, versions } = model;
  keepRows(rows, fields.get('predictionId'), (id) => isId(id) && (buckets === 1 || bucketOf(id, buckets) === bucket));
  keepRows(rows, fields.get('modelVersion'), (version) => versions.has(Number(version)) && typeof version === 'number');
  keepNumbers(rows, fields.get('score'), scoreRange(model));
  keepOptional(rows, fields.get('rolloutId'), (id) => typeof id === 'string' && id.length <= 128);
  keepOptional(rows, fields.get('samplingRatio'), (ratio) => typeof ratio === 'number' && ratio > 0 && ratio <= 1);
  keepOptional(rows, fields.get('items'), areItems);
  for (const [name, values] of fields) if (!known.has(name)) keepAbsent(rows, values);
}

function scoreRange({ taskType }: ServedModel) {
  return taskType === 'binary' ? { least: 0, most: 1 } : { least: -Number.MAX_VALUE, most: Number.MAX_VALUE };
}

function areItems(value: unknown): boolean {
  return Array.isArray(value) && value.length >= 1 && value.length <= 200 && value.every(isItem);
}

function isItem(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  return isId(Reflect.get(value, 'itemId')) && Number.isFinite(Reflect.get(value, 'score'));
}

function keepTimes(rows: Rows, { fields }: ColumnGroup, { model, arrival }: ColumnContext): void {
  const earliest = Math.max(toMillis(model.registeredAt), toMillis(arrival.sealedBefore));
  const latest = toMillis(arrival.latest);
  const predicted = fields.get('predictedAt');
  keepNumbers(rows, predicted, { least: earliest, most: latest, kind: 'whole' });
  const scored = fields.get('scoredAt');
  if (scored === undefined) return;
  for (let row = 0; row < rows.length; row += 1) {
    const at = cellAt(scored, row);
    const isFine = at === null || (Number.isInteger(at) && Number(at) >= 0 && Number(at) <= Number(predicted?.[row]));
    if (!isFine) rows[row] = 0;
  }
}

const maximumShadows = 4;

function keepShadows(rows: Rows, { fields, shadows }: ColumnGroup, model: ServedModel): void {
  // Rows of which more versions are in shadow than a record may hold are rare enough to be looked at one by one.
  if (shadows.size > maximumShadows) for (const values of shadows.values()) keepAbsent(rows, values);
  const served = fields.get('modelVersion');
  const { least, most } = scoreRange(model);
  const isScore = (score: unknown) => typeof score === 'number' && score >= least && score <= most;
  for (const [name, values] of shadows) {
    const version = /^[1-9]\d{0,6}$/.test(name) ? Number(name) : undefined;
    const isKnown = version !== undefined && model.versions.has(version);
    for (let row = 0; row < rows.length; row += 1) {
      const score = cellAt(values, row);
      if (score !== null && !(isKnown && isScore(score) && numberAt(served, row) !== version)) rows[row] = 0;
    }
  }
}

/** By the schema of the first row's version; rows of versions with another schema are looked at one by one. */
function featureColumns(
  rows: Rows,
  { fields, features, coded }: ColumnGroup,
  { versions }: ServedModel,
): FeatureColumns {
  const columns = new Map<string, FeatureColumn>();
  const served = fields.get('modelVersion') ?? [];
  const schemaOf = (version: unknown) => versions.get(Number(version))?.features;
  let schema: Schema = [];
  for (let row = 0; row < rows.length && schema.length === 0; row += 1) schema = schemaOf(served[row]) ?? [];
  if (versions.size > 1) keepSameSchema(rows, served, (version) => schemaOf(version) ?? [], schema);
  let found = 0;
  for (const { name, type, required } of schema) {
    const values = features.get(name);
    if (values === undefined) {
      if (required) rows.fill(0);
      continue;
    }
    found += 1;
    const isNumeric = type === 'numeric';
    columns.set(name, isNumeric ? numbersOf(rows, values, required) : textsOf(rows, values, required, coded.get(name)));
  }
  if (found < features.size) for (const [name, values] of features) if (!columns.has(name)) keepAbsent(rows, values);
  return columns;
}

type Schema =
  ServedModel['versions'] extends ReadonlyMap<number, infer Version extends { features: unknown }>
    ? Version['features']
    : never;

function keepSameSchema(rows: Rows, served: WireColumn, schemaOf: (version: unknown) => Schema, schema: Schema): void {
  const same = new Map<unknown, boolean>();
  for (let row = 0; row < rows.length; row += 1) {
    const version = served[row];
    const isSame = same.get(version) ?? isSameSchema(schemaOf(version), schema);
    same.set(version, isSame);
    if (!isSame) rows[row] = 0;
  }
}

function isSameSchema(left: Schema, right: Schema): boolean {
  if (left === right) return true;
  const fieldOf = (schema: Schema, i: number) => `${schema[i]?.name} ${schema[i]?.type} ${schema[i]?.required}`;
  return left.length === right.length && left.every((_, i) => fieldOf(left, i) === fieldOf(right, i));
}

const noShadows: JoinPrediction['shadows'] = [];

function recordsOf(rows: Rows, group: ColumnGroup, columns: FeatureColumns): (JoinPrediction | undefined)[] {
  const { fields, shadows } = group;
  // Checked above: a marked row's values are of these types.
  const numbers = (name: string) => fields.get(name) as readonly number[] | Float64Array;
  const ids = fields.get('predictionId') as readonly string[];
  const [versions, times, scores] = [numbers('modelVersion'), numbers('predictedAt'), numbers('score')];
  const hasMore = ['rolloutId', 'scoredAt', 'samplingRatio', 'items'].some((name) => fields.has(name));
  const records: (JoinPrediction | undefined)[] = [];
  for (let row = 0; row < rows.length; row += 1) {
    if (rows[row] === 0) {
      records.push(undefined);
      continue;
    }
    const record = {
      predictionId: ids[row]!,
      modelVersion: versions[row]!,
      predictedAt: times[row]!,
      score: scores[row]!,
      shadows: shadows.size === 0 ? noShadows : shadowsOf(group, row),
      features: { columns, row },
    };
    records.push(hasMore ? { ...record, ...rareFieldsOf(group, row) } : record);
  }
  return records;
}

function shadowsOf({ shadows }: ColumnGroup, row: number): JoinPrediction['shadows'] {
  return [...shadows].flatMap(([version, scores]) => {
    const score = numberAt(scores, row);
    return score === undefined ? [] : [{ version: Number(version), score }];
  });
}

function rareFieldsOf({ fields }: ColumnGroup, row: number) {
  const rolloutId = textAt(fields.get('rolloutId'), row);
  const scoredAt = numberAt(fields.get('scoredAt'), row);
  const samplingRatio = numberAt(fields.get('samplingRatio'), row);
  const items = (fields.get('items')?.[row] ?? undefined) as JoinPrediction['items'];
  return {
    ...(rolloutId !== undefined && { rolloutId }),
    ...(scoredAt !== undefined && { scoredAt }),
    ...(samplingRatio !== undefined && { samplingRatio }),
    ...(items !== undefined && { items }),
  };
}
