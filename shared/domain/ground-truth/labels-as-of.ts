/** One line of an outcome file. `observedAt` in any unit that orders. */
export type OutcomeEvent = {
  readonly eventId: string;
  readonly predictionId: string;
  readonly label: number;
  readonly observedAt: number;
};

export type LabelsAsOf = {
  readonly labels: ReadonlyMap<string, number>;
  /** Events up to the watermark, and among them repeated ids, restated labels and predictions nobody knows. */
  readonly events: number;
  readonly duplicates: number;
  readonly corrections: number;
  readonly orphans: number;
};

/**
 * The labels that were known at the watermark: events in order of observation, ties in order of the file; an event id
 * that was seen is ignored, so are unknown predictions; the last label of a prediction stands.
 */
export function labelsAsOf(
  events: readonly OutcomeEvent[],
  isPrediction: (predictionId: string) => boolean,
  watermark: number,
): LabelsAsOf {
  const known = events.filter(({ observedAt }) => observedAt <= watermark).sort((a, b) => a.observedAt - b.observedAt);
  const labels = new Map<string, number>();
  const seen = new Set<string>();
  const counts = { duplicates: 0, corrections: 0, orphans: 0 };
  for (const { eventId, predictionId, label } of known) {
    if (seen.has(eventId)) counts.duplicates += 1;
    else if (!isPrediction(predictionId)) counts.orphans += 1;
    else {
      if (labels.has(predictionId)) counts.corrections += 1;
      labels.set(predictionId, label);
    }
    seen.add(eventId);
  }
  return { labels, events: known.length, ...counts };
}
