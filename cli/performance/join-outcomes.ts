import { labelsAsOf, type OutcomeEvent } from '../../shared/domain/ground-truth/labels-as-of.ts';
import type { Prediction } from './read-predictions.ts';

export type Join = {
  /** Made up to the watermark. */
  readonly predictions: number;
  readonly attributed: number;
  readonly pending: number;
  /** Events up to the watermark whose prediction no line of the file makes. */
  readonly orphaned: number;
  readonly duplicates: number;
  readonly corrections: number;
};

export type JoinedOutcomes = {
  readonly join: Join;
  /** Attributed predictions over predictions; null when there are none. */
  readonly coverage: number | null;
  readonly labels: Float64Array;
  readonly scores: Float64Array;
};

/**
 * Labels with their predictions as both were known at the watermark (Unix seconds): an event id counts once, the last
 * label of a prediction stands, events of unknown predictions are left out.
 */
export function joinOutcomes(
  predictions: ReadonlyMap<string, Prediction>,
  events: readonly OutcomeEvent[],
  watermark: number,
): JoinedOutcomes {
  const { labels, orphans, duplicates, corrections } = labelsAsOf(events, (id) => predictions.has(id), watermark);
  const made = [...predictions].filter(([, { isAsked, madeAt }]) => isAsked && madeAt <= watermark);
  const attributed = made.filter(([id]) => labels.has(id));
  return {
    join: {
      predictions: made.length,
      attributed: attributed.length,
      pending: made.length - attributed.length,
      orphaned: orphans,
      duplicates,
      corrections,
    },
    coverage: made.length === 0 ? null : attributed.length / made.length,
    labels: Float64Array.from(attributed, ([id]) => labels.get(id)!),
    scores: Float64Array.from(attributed, ([, { score }]) => score),
  };
}
