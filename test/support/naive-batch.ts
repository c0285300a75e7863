import { sealedAt } from '../../shared/domain/ground-truth/attribution-window.ts';
import type { BatchModel } from '../../shared/domain/ground-truth/batch/batch-model.ts';
import type { BatchPoint } from '../../shared/domain/ground-truth/batch/metric-rows.ts';
import type { OutcomeType } from '../../shared/domain/ground-truth/outcome-types.ts';
import { performanceOf } from '../../shared/domain/ground-truth/performance.ts';
import type { ScoredLabel } from '../../shared/domain/ground-truth/performance-accumulator.ts';
import type { RawOutcome, RawPrediction } from './batch-engine.ts';

export type Raw = { readonly predictions: readonly RawPrediction[]; readonly outcomes: readonly RawOutcome[] };

type Truths = {
  readonly prediction: RawPrediction;
  readonly type: OutcomeType;
  readonly outcomes: readonly RawOutcome[];
};
type Row = Truths & { readonly isPrimary: boolean };

/** The rules of the join as loops over everything at once; the points of `<model> <versions> <five minutes>`. */
export function naiveBatch(
  models: readonly BatchModel[],
  raw: Raw,
  cutoff: number,
): ReadonlyMap<string, Omit<BatchPoint, 'index'>> {
  const rows = models.flatMap((model) => rowsOf(model, raw, cutoff));
  const cells = Map.groupBy(
    rows.flatMap((row) =>
      versionsOf(row).map((versions) => ({ row, key: `${row.prediction.modelId} ${versions} ${pointOf(row)}` })),
    ),
    ({ key }) => key,
  );
  return new Map([...cells].map(([key, ofKey]) => [key, pointOfRows(ofKey.map(({ row }) => row))]));
}

function rowsOf(model: BatchModel, raw: Raw, cutoff: number): readonly Row[] {
  const isOurs = ({ modelId, arrivedAt }: { modelId: string; arrivedAt: number }) =>
    modelId === model.modelId && arrivedAt < cutoff;
  const predictions = firstOfEach(raw.predictions.filter(isOurs));
  const outcomes = raw.outcomes.filter((outcome) => isOurs(outcome) && !isDistrusted(model, outcome));
  return predictions.flatMap((prediction) =>
    model.outcomeTypes.map((type, i) => ({
      prediction,
      type,
      isPrimary: i === 0,
      outcomes: outcomes.filter(
        (outcome) =>
          (outcome.outcomeType ?? model.outcomeTypes[0]!.name) === type.name &&
          targetOf(outcome, predictions, model, type) === prediction,
      ),
    })),
  );
}

const hourOf = (instant: string) => instant.slice(0, 13);

function firstOfEach(predictions: readonly RawPrediction[]): readonly RawPrediction[] {
  const groups = Map.groupBy(predictions, ({ predictionId, predictedAt }) => `${hourOf(predictedAt)} ${predictionId}`);
  return [...groups.values()].map((group) => group.toSorted((a, b) => (a.position < b.position ? -1 : 1))[0]!);
}

function isDistrusted({ distrusted = [] }: BatchModel, { writer, arrivedAt }: RawOutcome): boolean {
  return distrusted.some(
    (one) => one.writer === writer && arrivedAt >= (one.from ?? -Infinity) && arrivedAt < (one.to ?? Infinity),
  );
}

function targetOf(outcome: RawOutcome, predictions: readonly RawPrediction[], model: BatchModel, type: OutcomeType) {
  const longest = Math.max(...model.outcomeTypes.map(({ attributionWindowMinutes }) => attributionWindowMinutes));
  const fitting = predictions.filter(({ predictionId, predictedAt }) => {
    const delay = Date.parse(outcome.observedAt) - Date.parse(predictedAt);
    const isInTime = outcome.arrivedAt < sealedAt(Date.parse(predictedAt), longest);
    return (
      predictionId === outcome.predictionId && delay >= 0 && delay <= type.attributionWindowMinutes * 60_000 && isInTime
    );
  });
  const { predictedAt } = outcome;
  if (predictedAt !== undefined)
    return fitting.find((prediction) => hourOf(prediction.predictedAt) === hourOf(predictedAt));
  return fitting.toSorted((a, b) => (a.predictedAt < b.predictedAt ? 1 : -1))[0];
}

function versionsOf({ prediction, type, isPrimary }: Row): readonly string[] {
  const { modelVersion, segments = [], isInSample = true } = prediction;
  const whole = isPrimary ? `${modelVersion}` : `${modelVersion}~${type.name}`;
  const parts = isPrimary ? segments.map((segment) => `${modelVersion}@${segment}`) : [];
  return isInSample ? [whole, ...parts] : parts;
}

function pointOf({ prediction }: Row): string {
  return new Date(Math.floor(Date.parse(prediction.predictedAt) / 300_000) * 300_000).toISOString();
}

function pointOfRows(rows: readonly Row[]): Omit<BatchPoint, 'index'> {
  const task = rows[0]!.type.kind === 'binary' ? 'binary' : 'regression';
  const recorded: ScoredLabel[] = [];
  const imputed: ScoredLabel[] = [];
  const delays: Record<number, number> = {};
  let served = 0;
  for (const { prediction, type, outcomes } of rows) {
    const { score, samplingRatio = 1, isInSample = true } = prediction;
    if (isInSample) served += 1 / samplingRatio;
    const truth = newest(outcomes.filter(({ itemId }) => itemId === undefined));
    if (truth !== undefined) recorded.push({ score, label: truth.label });
    else if (outcomes.length === 0 && type.imputedLabel !== undefined)
      imputed.push({ score, label: type.imputedLabel });
    if (outcomes.length === 0) continue;
    const bin = delayBin(
      (Math.min(...outcomes.map(({ arrivedAt }) => arrivedAt)) - Date.parse(prediction.predictedAt)) / 60_000,
    );
    delays[bin] = (delays[bin] ?? 0) + 1;
  }
  return {
    predictions: rows.length,
    served,
    delays,
    performance: performanceOf(task, recorded),
    ...(imputed.length > 0 && { imputed: performanceOf(task, imputed) }),
  };
}

function newest(outcomes: readonly RawOutcome[]): RawOutcome | undefined {
  return outcomes.toSorted((a, b) =>
    a.observedAt === b.observedAt ? (a.position < b.position ? -1 : 1) : a.observedAt < b.observedAt ? 1 : -1,
  )[0];
}

function delayBin(minutes: number): number {
  let bin = 0;
  while (2 ** (bin / 4) <= minutes) bin += 1;
  return bin;
}
