import {
  columnFormat,
  defaultTargetBytes,
  maximumRecordBytes,
  type PackOptions,
  seal,
  type WireEvent,
} from './wire-format.ts';

// Producers use this file as it is, so it imports nothing of Runway but the format.

export type ColumnOptions = PackOptions & {
  /** Generation of the writer's key, as issued with it. @default 1 */
  readonly keyId?: number;
};

/** More would take long to inflate in one piece. */
const maximumRows = 2_000;
const timeFields: ReadonlySet<string> = new Set(['predictedAt', 'scoredAt', 'observedAt']);

/**
 * Signed records of columns (`runway/2`): predictions first, otherwise in the order of the events. Throws a `RangeError`
 * when one event alone exceeds 100,000 bytes.
 */
export function packColumns(events: readonly WireEvent[], options: ColumnOptions): Uint8Array[] {
  const target = Math.min(options.targetBytes ?? defaultTargetBytes, maximumRecordBytes);
  return piecesOf(events, maximumRows).flatMap((piece) => packWithin(target, piece, options));
}

function packWithin(target: number, events: readonly WireEvent[], options: ColumnOptions): Uint8Array[] {
  const raw = Buffer.from(JSON.stringify(columnsOf(events, options.modelId)));
  const { keyId = 1 } = options;
  const record = seal(raw, { ...options, keyId, format: columnFormat, count: events.length });
  if (record.length <= target) return [record];
  if (events.length === 1) {
    if (record.length <= maximumRecordBytes) return [record];
    throw new RangeError(`one event takes ${record.length} bytes, at most ${maximumRecordBytes} are possible`);
  }
  // A tenth more pieces than its size asks for, because smaller ones shrink less.
  const pieces = Math.min(events.length, Math.ceil((1.1 * record.length) / target));
  return piecesOf(events, Math.ceil(events.length / pieces)).flatMap((piece) => packWithin(target, piece, options));
}

function piecesOf(events: readonly WireEvent[], size: number): (readonly WireEvent[])[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, i) => events.slice(i * size, (i + 1) * size));
}

type Row = Readonly<Record<string, unknown>>;

function columnsOf(events: readonly WireEvent[], modelId: string) {
  const rows = (kind: WireEvent['kind']) =>
    events.flatMap((event): Row[] => (event.kind === kind ? [{ ...event.record }] : []));
  const [predictions, outcomes] = [rows('prediction'), rows('outcome')];
  return {
    ...(predictions.length > 0 && { predictions: predictionColumns(predictions, modelId) }),
    ...(outcomes.length > 0 && { outcomes: fieldColumns(outcomes, modelId) }),
  };
}

function predictionColumns(rows: readonly Row[], modelId: string) {
  const fields = fieldColumns(
    rows.map(({ features: _, shadows: __, ...rest }) => rest),
    modelId,
  );
  const shadows = columnsByName(rows.map(({ shadows: held }) => scoresByVersion(held)));
  return {
    ...fields,
    features: columnsByName(rows.map(({ features }) => (isObject(features) ? features : {}))),
    ...(Object.keys(shadows).length > 0 && { shadows }),
  };
}

function scoresByVersion(shadows: unknown): Row {
  if (!Array.isArray(shadows)) return {};
  return Object.fromEntries(shadows.map(({ modelVersion, score }) => [modelVersion, score]));
}

/** The header names the model; a record that names another keeps saying so. */
function fieldColumns(rows: readonly Row[], modelId: string) {
  const { predictionId = [], ...others } = columnsByName(rows.map((row) => withMillis(row, modelId)));
  // Its length says how many rows there are.
  return { predictionId: Array.isArray(predictionId) ? predictionId : rows.map(() => predictionId), ...others };
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

/** A column whose rows all hold the same is that one value; null says that a row lacks it. */
function columnsByName(rows: readonly Row[]) {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = rows.map((row) => (Object.hasOwn(row, name) ? (row[name] ?? null) : null));
      const [first = null] = values;
      const isOne = typeof first !== 'object' && values.every((value) => value === first);
      return [name, isOne ? first : values];
    }),
  );
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
