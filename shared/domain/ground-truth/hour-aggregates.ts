import type { TaskType } from '../registry/schemas.ts';
import { minuteMillis } from '../time.ts';
import type { Paired, Performance, PerformanceExtras } from './aggregates.ts';
import { type PairedRow, pairedOf } from './paired.ts';
import { performanceOf } from './performance.ts';
import type { ScoredLabel } from './performance-accumulator.ts';
import type { BufferedPrediction, Entry, Truth } from './segment.ts';

/** Five minutes of an hour (`index` 0 to 11) of one version and bucket; `performance` covers attributed ones only. */
export type PerformancePoint = PerformanceExtras & {
  readonly index: number;
  readonly predictions: number;
  readonly performance: Performance;
};

const pointMillis = 5 * minuteMillis;

/** Of the predictions that one version served, ascending. */
export function performanceOfHour(
  taskType: TaskType,
  version: number,
  entries: readonly Entry[],
): readonly PerformancePoint[] {
  const rows: { predictions: number; scored: ScoredLabel[] }[] = [];
  for (const { prediction, ...rest } of entries) {
    if (prediction?.version !== version) continue;
    const index = Math.floor(prediction.predictedAt / pointMillis) % 12;
    rows[index] ??= { predictions: 0, scored: [] };
    rows[index].predictions += 1;
    if ('truth' in rest && rest.truth !== undefined)
      rows[index].scored.push({ score: prediction.score, label: rest.truth.label });
  }
  return rows.flatMap(({ predictions, scored }, index) => [
    { index, predictions, performance: performanceOf(taskType, scored) },
  ]);
}

export type VersionPair = { readonly older: number; readonly newer: number };

/** The pairs of versions that a prediction can compare: the one that served it with each that scored along. */
export function pairsOf({ version, shadows }: BufferedPrediction): readonly VersionPair[] {
  return shadows.map((shadow) => ({
    older: Math.min(version, shadow.version),
    newer: Math.max(version, shadow.version),
  }));
}

/** Of the attributed predictions that both versions scored and one of them served. */
export function pairedOfHour(taskType: TaskType, pair: VersionPair, entries: readonly Entry[]): Paired {
  return pairedOf(
    taskType,
    entries.flatMap((entry) => {
      if (entry.prediction === undefined || entry.truth === undefined) return [];
      return pairedRow(pair, entry.prediction, entry.truth) ?? [];
    }),
  );
}

function pairedRow({ older, newer }: VersionPair, served: BufferedPrediction, truth: Truth): PairedRow | undefined {
  if (served.version !== older && served.version !== newer) return undefined;
  const olderScore = scoreOf(served, older);
  const newerScore = scoreOf(served, newer);
  if (olderScore === undefined || newerScore === undefined) return undefined;
  const row = { olderScore, newerScore, label: truth.label };
  // Only a rollout assigns requests to arms at random; elsewhere the arms would compare different days.
  if (served.rolloutId === undefined || truth.businessValue === undefined) return row;
  return { ...row, arm: { served: served.version === older ? 'older' : 'newer', value: truth.businessValue } };
}

function scoreOf({ version, score, shadows }: BufferedPrediction, wanted: number): number | undefined {
  return version === wanted ? score : shadows.find((shadow) => shadow.version === wanted)?.score;
}
