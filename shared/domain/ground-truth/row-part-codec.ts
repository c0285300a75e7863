import { unpackJson } from './packed-json.ts';
import type { BufferedPrediction, Entry } from './segment.ts';

// The format in which parts were written as a whole, until segments became logs. Nothing writes it any more; what is held
// in it is garbage when the last hour of that time is sealed.

/** `observedAt` after the base, label, business value. */
type TruthRow = readonly [number, number, number | null];
/** Version, `predictedAt` after the base, score, then version and score of each shadow. */
type PredictionRow = readonly number[];
/** Id, prediction (0: none), truth or those that wait, and the rollout if there is one. */
type Row = readonly [string, PredictionRow | 0, readonly TruthRow[], string?];

/** Throws when the bytes are not of that format. */
export function decodeRowPart(data: Uint8Array): readonly Entry[] {
  const { base, rows } = unpackJson(data) as { readonly base: number; readonly rows: readonly Row[] };
  return rows.map(([predictionId, row, truthRows, rolloutId]) => {
    const truths = truthRows.map(([observedAt, label, businessValue]) => ({
      observedAt: observedAt + base,
      label,
      ...(businessValue !== null && { businessValue }),
    }));
    if (row === 0) return { predictionId, truths };
    return { predictionId, prediction: { ...predictionOf(row, base), ...(rolloutId && { rolloutId }) }, truths };
  });
}

function predictionOf([version = 0, predictedAt = 0, score = 0, ...rest]: PredictionRow, base: number) {
  const shadows: BufferedPrediction['shadows'][number][] = [];
  for (let i = 0; i < rest.length; i += 2) shadows.push({ version: rest[i]!, score: rest[i + 1]! });
  return { version, predictedAt: predictedAt + base, score, shadows };
}
