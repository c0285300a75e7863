import { packJson, unpackJson } from './packed-json.ts';
import { type BufferedPrediction, type Entry, entryBytes, type Part, type Truth } from './segment.ts';

// Numbers in fixed places and times as differences: a third of the bytes of the objects they stand for, and of the time.
/** `observedAt` after the base, label, business value. */
type TruthRow = readonly [number, number, number | null];
/** Version, `predictedAt` after the base, score, then version and score of each shadow. */
type PredictionRow = readonly number[];
/** Id, prediction (0: none), truth or those that wait, and the rollout if there is one. */
type Row = readonly [string, PredictionRow | 0, readonly TruthRow[], string?];
type Encoded = { readonly base: number; readonly rows: readonly Row[] };

/** One item's worth of entries. */
export function encodePart({ entries }: Part): Uint8Array {
  const [first] = entries.values();
  const base = first === undefined ? 0 : momentOf(first);
  return packJson({ base, rows: [...entries.values()].map((entry) => rowOf(entry, base)) } satisfies Encoded);
}

function momentOf(entry: Entry): number {
  return entry.prediction?.predictedAt ?? truthsOf(entry)[0]?.observedAt ?? 0;
}

function truthsOf(entry: Entry): readonly Truth[] {
  if (entry.prediction === undefined) return entry.waiting;
  return entry.truth === undefined ? [] : [entry.truth];
}

function rowOf(entry: Entry, base: number): Row {
  const truths = truthsOf(entry).map(
    ({ observedAt, label, businessValue }): TruthRow => [observedAt - base, label, businessValue ?? null],
  );
  if (entry.prediction === undefined) return [entry.predictionId, 0, truths];
  const { version, predictedAt, score, shadows, rolloutId } = entry.prediction;
  const row = [version, predictedAt - base, score, ...shadows.flatMap((shadow) => [shadow.version, shadow.score])];
  return rolloutId === undefined ? [entry.predictionId, row, truths] : [entry.predictionId, row, truths, rolloutId];
}

/** Throws when the bytes are not from `encodePart`. */
export function decodePart(data: Uint8Array): Part {
  // Our own bytes, guarded by the transaction that wrote them; checking each row again would double the time of a read.
  const { base, rows } = unpackJson(data) as Encoded;
  const entries = new Map(rows.map((row) => [row[0], entryOf(row, base)]));
  let bytes = 0;
  for (const entry of entries.values()) bytes += entryBytes(entry);
  return { entries, bytes };
}

function entryOf([predictionId, row, truthRows, rolloutId]: Row, base: number): Entry {
  const truths = truthRows.map(
    ([observedAt, label, businessValue]): Truth => ({
      observedAt: observedAt + base,
      label,
      ...(businessValue === null ? {} : { businessValue }),
    }),
  );
  if (row === 0) return { predictionId, waiting: truths };
  const prediction = { ...predictionOf(row, base), ...(rolloutId === undefined ? {} : { rolloutId }) };
  const [truth] = truths;
  return truth === undefined ? { predictionId, prediction } : { predictionId, prediction, truth };
}

function predictionOf([version = 0, predictedAt = 0, score = 0, ...rest]: PredictionRow, base: number) {
  const shadows: BufferedPrediction['shadows'][number][] = [];
  for (let i = 0; i < rest.length; i += 2) shadows.push({ version: rest[i]!, score: rest[i + 1]! });
  return { version, predictedAt: predictedAt + base, score, shadows };
}
