import { packJson, unpackJson } from './packed-json.ts';
import { type BufferedPrediction, type Entry, entryBytes, type Part, type Truth } from './segment.ts';

/** `observedAt`, label, business value. */
type TruthRow = readonly [number, number, number | null];
/** Version, `predictedAt`, score, shadows, rollout. */
type PredictionRow = readonly [number, number, number, readonly (readonly [number, number])[], string | null];
/** Id, prediction and truths: at most one when there is a prediction, else those that wait. */
type Row = readonly [string, PredictionRow | null, readonly TruthRow[]];

/** One item's worth of entries, one row of numbers each. */
export function encodePart(part: Part): Uint8Array {
  return packJson([...part.entries.values()].map(rowOf));
}

function rowOf(entry: Entry): Row {
  if (entry.prediction === undefined) return [entry.predictionId, null, entry.waiting.map(truthRow)];
  const { version, predictedAt, score, shadows, rolloutId = null } = entry.prediction;
  const shadowRows = shadows.map((shadow) => [shadow.version, shadow.score] as const);
  const truths = entry.truth === undefined ? [] : [truthRow(entry.truth)];
  return [entry.predictionId, [version, predictedAt, score, shadowRows, rolloutId], truths];
}

function truthRow({ observedAt, label, businessValue }: Truth): TruthRow {
  return [observedAt, label, businessValue ?? null];
}

/** Throws when the bytes are not from `encodePart`. */
export function decodePart(data: Uint8Array): Part {
  const rows = unpackJson(data);
  if (!Array.isArray(rows)) throw new TypeError('a part is not a list of rows');
  // Our own bytes, guarded by the transaction that wrote them; checking each row again would double the time of a read.
  const entries = new Map((rows as Row[]).map((row) => [row[0], entryOf(row)]));
  let bytes = 0;
  for (const entry of entries.values()) bytes += entryBytes(entry);
  return { entries, bytes };
}

function entryOf([predictionId, row, truths]: Row): Entry {
  if (row === null) return { predictionId, waiting: truths.map(truthOf) };
  const prediction = predictionOf(row);
  const [truth] = truths;
  return truth === undefined ? { predictionId, prediction } : { predictionId, prediction, truth: truthOf(truth) };
}

function predictionOf([version, predictedAt, score, shadows, rolloutId]: PredictionRow): BufferedPrediction {
  return {
    version,
    predictedAt,
    score,
    shadows: shadows.map(([shadow, shadowScore]) => ({ version: shadow, score: shadowScore })),
    ...(rolloutId === null ? {} : { rolloutId }),
  };
}

function truthOf([observedAt, label, businessValue]: TruthRow): Truth {
  return { observedAt, label, ...(businessValue === null ? {} : { businessValue }) };
}
