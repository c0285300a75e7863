import { expect, it } from 'vitest';
import type { RawOutcome, RawPrediction } from '../../shared/domain/ground-truth/raw-rows.ts';
import type { RawArchive, RawFile } from '../../shared/ports/raw-archive.ts';

export type ArchiveUnderTest = {
  readonly archive: RawArchive;
  /** Rows of the file, as its columns name them; undefined when there is none. */
  readonly predictions: (file: RawFile) => Promise<readonly RawPrediction[] | undefined>;
  readonly outcomes: (file: RawFile) => Promise<readonly RawOutcome[] | undefined>;
};

const common = { modelId: 'late-live', writer: 'flights/gate', arrivedAt: 980_146_800_123 };

export const predictions: readonly RawPrediction[] = [
  {
    ...common,
    predictionId: 'UA 1, 7:30 "München" 😀',
    position: 'shard-1#007#000',
    modelVersion: 3,
    predictedAt: 980_143_200_001,
    score: 0.1 + 0.2,
    samplingRatio: 1,
    isInSample: true,
    features: '{"distance":733,"origin":"JFK"}',
  },
  {
    ...common,
    predictionId: 'p2',
    position: 'shard-1#007#001',
    modelVersion: 2_147_483_647,
    predictedAt: -1,
    scoredAt: 0,
    score: -1e300,
    samplingRatio: 0.125,
    isInSample: false,
    rolloutId: 'late-live-o2',
    shadows: '[{"modelVersion":2,"score":0.5}]',
    items: '[{"itemId":"a","score":0.5}]',
    features: '{}',
    segments: '["coast"]',
  },
];

export const outcomes: readonly RawOutcome[] = [
  { ...common, predictionId: 'p1', position: 'shard-1#008#000', outcomeType: 'label', observedAt: 1, label: 1 },
  {
    ...common,
    predictionId: 'p2',
    position: 'shard-1#008#001',
    outcomeType: 'click',
    itemId: 'a',
    predictedAt: 980_143_200_001,
    observedAt: 980_143_260_000,
    label: 0.25,
    businessValue: -3.5,
  },
];

const file = { hour: '2001-01-22T07', name: 'shard-1-7-8' };

/** What every raw archive does. */
export function rawArchiveContract(given: () => ArchiveUnderTest): void {
  it('gives back every row with every field, by hour of arrival and name', async () => {
    const { archive, ...read } = given();
    await archive.putPredictions(file, predictions);
    await archive.putOutcomes(file, outcomes);
    expect(await read.predictions(file)).toEqual(predictions);
    expect(await read.outcomes(file)).toEqual(outcomes);
    expect(await read.outcomes({ ...file, hour: '2001-01-22T08' })).toBeUndefined();
  });

  it('holds a file once that is put again', async () => {
    const { archive, ...read } = given();
    for (const _ of [1, 2]) await archive.putPredictions(file, predictions.slice(0, 1));
    expect(await read.predictions(file)).toEqual(predictions.slice(0, 1));
  });
}
