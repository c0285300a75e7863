import { NumberPacker, type PackedNumbers } from './packed-numbers.ts';
import {
  columnFormat,
  defaultTargetBytes,
  type Encoding,
  maximumRecordBytes,
  type PackOptions,
  seal,
  type WireEvent,
} from './wire-format.ts';

// Producers use this file as it is, so it imports nothing of Runway but the format.

export type ColumnOptions = Omit<PackOptions, 'encoding'> & {
  /** @default 'gzip' */
  readonly encoding?: Encoding;
  /** Generation of the writer's key, as issued with it. @default 1 */
  readonly keyId?: number;
};

/** More would take long to inflate in one piece. */
const maximumRows = 2_000;
const timeFields: ReadonlySet<string> = new Set(['predictedAt', 'scoredAt', 'observedAt', 'assignedAt']);

/**
 * Signed records of columns (`runway/2`): predictions first, then outcomes, otherwise in the order of the events. Throws a `RangeError`
 * when one event alone exceeds 100,000 bytes.
 */
export function packColumns(events: readonly WireEvent[], options: ColumnOptions): Uint8Array[] {
  const target = Math.min(options.targetBytes ?? defaultTargetBytes, maximumRecordBytes);
  const pieces = Array.from({ length: Math.ceil(events.length / maximumRows) }, (_, i) =>
    events.slice(i * maximumRows, (i + 1) * maximumRows),
  );
  return pieces.flatMap((piece) => packWithin(target, piece, options));
}

function packWithin(target: number, events: readonly WireEvent[], options: ColumnOptions): Uint8Array[] {
  const numbers = new NumberPacker();
  const raw = numbers.behind(JSON.stringify(columnsOf(events, options.modelId, numbers)));
  const { keyId = 1, encoding = 'gzip' } = options;
  const record = seal(raw, { ...options, keyId, encoding, format: columnFormat, count: events.length });
  if (record.length <= target) return [record];
  if (events.length === 1) {
    if (record.length <= maximumRecordBytes) return [record];
    throw new RangeError(`one event takes ${record.length} bytes, at most ${maximumRecordBytes} are possible`);
  }
  // A tenth more pieces than its size asks for, because smaller ones shrink less.
  return cut(events, (1.1 * record.length) / target).flatMap((piece) => packWithin(target, piece, options));
}

/** Into at least two pieces of about the same number of values. */
function cut(events: readonly WireEvent[], pieces: number): (readonly WireEvent[])[] {
  const weights = events.map(({ record }) => Object.keys({ ...record, ...Reflect.get(record, 'features') }).length);
  const most = weights.reduce((sum, weight) => sum + weight, 0) / Math.ceil(pieces);
  const cuts: WireEvent[][] = [[]];
  let weight = 0;
  for (const [i, event] of events.entries()) {
    weight += weights[i]!;
    if (weight > most * cuts.length && cuts.at(-1)!.length > 0) cuts.push([]);
    cuts.at(-1)!.push(event);
  }
  return cuts;
}

type Row = Readonly<Record<string, unknown>>;

function columnsOf(events: readonly WireEvent[], modelId: string, numbers: NumberPacker) {
  const rows = (kind: WireEvent['kind']) =>
    events.flatMap((event): Row[] => (event.kind === kind ? [{ ...event.record }] : []));
  const [predictions, outcomes, businessMetrics] = [rows('prediction'), rows('outcome'), rows('business-metric')];
  return {
    ...(predictions.length > 0 && { predictions: predictionColumns(predictions, modelId, numbers) }),
    ...(outcomes.length > 0 && { outcomes: fieldColumns(outcomes, { modelId, id: 'predictionId' }, numbers) }),
    ...(businessMetrics.length > 0 && {
      businessMetrics: fieldColumns(businessMetrics, { modelId, id: 'unitId' }, numbers),
    }),
  };
}

function predictionColumns(rows: readonly Row[], modelId: string, numbers: NumberPacker) {
  const fields = fieldColumns(
    rows.map(({ features: _, shadows: __, ...rest }) => rest),
    { modelId, id: 'predictionId' },
    numbers,
  );
  const shadows = columnsByName(
    rows.map(({ shadows: held }) => scoresByVersion(held)),
    numbers,
  );
  return {
    ...fields,
    features: columnsByName(
      rows.map(({ features }) => (isObject(features) ? features : {})),
      numbers,
    ),
    ...(Object.keys(shadows).length > 0 && { shadows }),
  };
}

function scoresByVersion(shadows: unknown): Row {
  if (!Array.isArray(shadows)) return {};
  return Object.fromEntries(shadows.map(({ modelVersion, score }) => [modelVersion, score]));
}

/** Of which model rows are unless they say so, and the field that tells them apart. */
type Named = { readonly modelId: string; readonly id: 'predictionId' | 'unitId' };

/** The header names the model; a record that names another keeps saying so. */
function fieldColumns(rows: readonly Row[], { modelId, id }: Named, numbers: NumberPacker) {
  const { [id]: _, ...others } = columnsByName(
    rows.map((row) => withMillis(row, modelId)),
    numbers,
  );
  // Always a list: its length says how many rows there are.
  return { [id]: rows.map((row) => row[id] ?? null), ...others };
}

function withMillis({ modelId: named, ...row }: Row, modelId: string): Row {
  const fields = Object.entries(row).map(
    ([name, value]) => [name, timeFields.has(name) ? millisOf(value) : value] as const,
  );
  return { ...Object.fromEntries(fields), ...(named !== undefined && named !== modelId && { modelId: named }) };
}

/** What is no time stays as it is, so that whoever reads it can say so. */
function millisOf(value: unknown): unknown {
  const millis = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(millis) ? value : millis;
}

function columnsByName(rows: readonly Row[], numbers: NumberPacker) {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const valueIn = (row: Row, name: string) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null);
  const columnNamed = (name: string) =>
    columnOf(
      rows.map((row) => valueIn(row, name)),
      numbers,
    );
  return Object.fromEntries([...names].map((name) => [name, columnNamed(name)]));
}

/**
 * One value where all rows hold the same, texts and their codes where they repeat themselves, numbers in bytes, else the
 * values. Null says that a row lacks it.
 */
function columnOf(values: readonly unknown[], numbers: NumberPacker): unknown {
  const [first = null] = values;
  if (typeof first !== 'object' && values.every((value) => value === first)) return first;
  if (!values.every((value) => typeof value === 'string' || value === null)) return numbersOrList(values, numbers);
  const places = new Map<unknown, number>();
  for (const value of values) if (value !== null && !places.has(value)) places.set(value, places.size);
  if (places.size > 0.75 * values.length) return values;
  const codes = values.map((value) => places.get(value) ?? null);
  return { texts: [...places.keys()], codes: numbersOrList(codes, numbers) };
}

function numbersOrList(values: readonly unknown[], numbers: NumberPacker): PackedNumbers | readonly unknown[] {
  return numbers.add(values) ?? values;
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
