import type { PredictionEvent } from '../mutation/customer.ts';
import { readCsv, readJson } from '../oracles/data.ts';

/** What the oracle says of one window at one watermark. */
export type Checkpoint = {
  readonly window: string;
  /** Seconds since the epoch, as in the files. */
  readonly watermark: number;
  readonly expected: Readonly<Record<string, number>> & { readonly predictions: number; readonly matured: number };
  /** Of the model that is replayed. */
  readonly figures: Readonly<Record<string, number>>;
};

type Timed = { readonly at: number; readonly event: PredictionEvent };

/** One model of one public data set, its predictions and delayed outcomes as they arrive. */
export type DelayedLabels = {
  readonly modelId: string;
  readonly taskType: 'binary' | 'regression';
  readonly windows: ReadonlyMap<string, { readonly from: string; readonly to: string }>;
  /** Ascending by watermark. */
  readonly checkpoints: readonly Checkpoint[];
  /** Predictions and outcomes that are known at the watermark and were not at the one before; outcomes first. */
  between(before: number, watermark: number): readonly PredictionEvent[];
  /** When the watermark is in the replay; the last one is when everything is known. Milliseconds. */
  instantOf(watermark: number): number;
};

const hour = 3_600_000;

/**
 * A thousand seconds of the file are one of the replay, and each window begins on an hour, so that years pass in a day
 * and windows can be asked for. The order of all moments stays as it is.
 */
export function delayedLabels(dataset: string, score: 'a' | 'b', start: number): DelayedLabels {
  const predictions = readCsv(`${dataset}/predictions.csv.gz`);
  const outcomes = readCsv(`${dataset}/outcomes.csv.gz`);
  const oracle = readJson(`${dataset}/oracle.json`);
  const modelId = `${dataset}-${score}`;
  const bounds = windowBounds(predictions);
  const axis = compressed(bounds, start);
  const predictedAt = new Map(predictions.map((row) => [row.prediction_id!, axis(Number(row.ts))]));
  const made = predictions.map((row): Timed => {
    const record = {
      predictionId: row.prediction_id!,
      modelId,
      modelVersion: 1,
      predictedAt: iso(axis(Number(row.ts))),
      features: { distance: 0.5 },
      score: Number(row[`score_${score}`]),
    };
    return { at: Number(row.ts), event: { kind: 'prediction', record } };
  });
  const observed = outcomes.map((row): Timed => {
    const predicted = predictedAt.get(row.prediction_id!);
    const at = Number(row.observed_at);
    // Some arrive before their prediction does; nothing is observed before it is predicted.
    const observedAt = iso(Math.max(axis(at), predicted ?? 0));
    const when = predicted === undefined ? {} : { predictedAt: iso(predicted) };
    const record = { predictionId: row.prediction_id!, modelId, ...when, observedAt, label: Number(row.label) };
    return { at, event: { kind: 'outcome', record } };
  });
  const last = Math.max(...made.map(({ at }) => at), ...observed.map(({ at }) => at));
  return {
    modelId,
    taskType: oracle.task === 'regression' ? 'regression' : 'binary',
    windows: new Map(
      bounds.map(({ name, from, to }) => [name, { from: hourOf(axis(from)), to: hourOf(axis(to) + hour) }]),
    ),
    checkpoints: checkpointsOf(oracle.delayed.windows, score),
    between: (before, watermark) =>
      [...observed, ...made].filter(({ at }) => at > before && at <= watermark).map(({ event }) => event),
    instantOf: (watermark) => axis(Math.min(watermark, last)) + 1,
  };
}

type Bounds = { readonly name: string; readonly from: number; readonly to: number };

function windowBounds(rows: readonly Readonly<Record<string, string>>[]): readonly Bounds[] {
  const times = Map.groupBy(rows, ({ window = '' }) => window);
  return [...times].map(([name, members]) => {
    const seconds = members.map(({ ts }) => Number(ts));
    return { name, from: Math.min(...seconds), to: Math.max(...seconds) };
  });
}

/** From seconds to milliseconds of the replay; ascending. */
function compressed(bounds: readonly Bounds[], start: number): (seconds: number) => number {
  const bases: { readonly from: number; readonly base: number }[] = [];
  for (const { from } of bounds) {
    const before = bases.at(-1);
    const end = before === undefined ? start : before.base + (from - before.from);
    bases.push({ from, base: Math.ceil(end / hour) * hour });
  }
  return (seconds) => {
    const { from, base } = bases.findLast((each) => each.from <= seconds) ?? bases[0]!;
    return base + (seconds - from);
  };
}

// biome-ignore lint/suspicious/noExplicitAny: oracle files are walked by path, figure by figure
function checkpointsOf(windows: any, score: 'a' | 'b'): readonly Checkpoint[] {
  const all = Object.entries<readonly Record<string, unknown>[]>(windows).flatMap(([window, list]) =>
    list.map((each) => ({
      window,
      watermark: Number(each.watermarkTs),
      expected: { predictions: Number(each.predictions), matured: Number(each.matured) },
      figures: each[score] as Checkpoint['figures'],
    })),
  );
  return all.toSorted((a, b) => a.watermark - b.watermark);
}

function iso(millis: number): string {
  return new Date(millis).toISOString();
}

function hourOf(millis: number): string {
  return iso(Math.floor(millis / hour) * hour);
}
