import type { RawOutcome, RawPrediction } from '../../domain/ground-truth/raw-rows.ts';
import type { RawArchive, RawFile } from '../../ports/raw-archive.ts';

export type MemoryRawArchive = RawArchive & {
  /** Files by `<hour>/<name>`, with their rows. */
  readonly predictions: ReadonlyMap<string, readonly RawPrediction[]>;
  readonly outcomes: ReadonlyMap<string, readonly RawOutcome[]>;
};

export function createMemoryRawArchive(): MemoryRawArchive {
  const predictions = new Map<string, readonly RawPrediction[]>();
  const outcomes = new Map<string, readonly RawOutcome[]>();
  const keyOf = ({ hour, name }: RawFile) => `${hour}/${name}`;
  return {
    predictions,
    outcomes,
    putPredictions: async (file, rows) => void predictions.set(keyOf(file), [...rows]),
    putOutcomes: async (file, rows) => void outcomes.set(keyOf(file), [...rows]),
  };
}
