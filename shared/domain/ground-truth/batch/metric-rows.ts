import * as z from '../../zod.ts';
import type { Performance, Ranking, SparseCounts } from '../aggregates.ts';
import type { PerformancePoint } from '../hour-aggregates.ts';
import { mergeAllPerformance } from '../performance.ts';
import { mergeRankings } from '../ranking.ts';
import { sumCounts } from '../sparse-counts.ts';

/** A point as the batch counts it: also what was served, how long outcomes took, and what is only imputed. */
export type BatchPoint = PerformancePoint & {
  readonly served: number;
  readonly delays: SparseCounts;
  readonly imputed?: Performance;
};

export type DayMetrics = {
  /** `2026-01-31` */
  readonly date: string;
  readonly modelId: string;
  /** `<version>`, `<version>~<outcome type>` or `<version>@<segment>` */
  readonly versions: string;
  /** By hour of the day, 0 to 23, ascending; hours without predictions are absent. */
  readonly hours: readonly { readonly hour: number; readonly points: readonly BatchPoint[] }[];
  /** All of them as one; its `index` is 0. */
  readonly day: BatchPoint;
};

const pointsPerHour = 12;

const keySchema = z.looseObject({
  model_id: z.string(),
  versions: z.string(),
  kind: z.enum(['binary', 'numeric']),
});
const numbers = z.array(
  z
    .number()
    .nullable()
    .transform((value) => value ?? 0),
);
const histograms = z.array(
  z
    .record(z.string(), z.number())
    .nullable()
    .transform((value) => value ?? {}),
);

/** Of a row of `metricsSql`. Throws a ZodError naming the column that is not as the query makes it. */
export function dayMetricsOf(row: unknown, date: string): DayMetrics {
  const { model_id, versions, kind, ...columns } = keySchema.parse(row);
  const read = reader(columns);
  const indexes = read.numbers('points');
  const recorded = performancesOf(kind, 'recorded', read);
  const imputed = performancesOf(kind, 'imputed', read);
  const predictions = read.numbers('predictions');
  const served = read.numbers('served');
  const delays = read.histograms('delays');
  // Metrics that a query without lists wrote lack them.
  const rankings = columns.lists === undefined ? [] : rankingsOf(read);
  const points = indexes.map((point, i) => ({
    point,
    index: point % pointsPerHour,
    predictions: predictions[i]!,
    served: served[i]!,
    delays: delays[i]!,
    performance: recorded[i]!,
    ...(imputed[i]!.n > 0 && { imputed: imputed[i]! }),
    ...((rankings[i]?.lists ?? 0) > 0 && { ranking: rankings[i] }),
  }));
  const byHour = Map.groupBy(points, ({ point }) => Math.floor(point / pointsPerHour));
  const hours = [...byHour].map(([hour, ofHour]) => ({ hour, points: ofHour.map(({ point: _, ...rest }) => rest) }));
  return { date, modelId: model_id, versions, hours, day: mergedPoint(points) };
}

type Reader = ReturnType<typeof reader>;

function reader(columns: Readonly<Record<string, unknown>>) {
  const parse = <T>(name: string, schema: z.ZodType<T>): T => {
    const text = z.string({ error: `column ${name}: expected JSON` }).parse(columns[name]);
    return schema.parse(JSON.parse(text), { error: () => `column ${name} is not a list as the query makes it` });
  };
  return {
    numbers: (name: string) => parse(name, numbers),
    histograms: (name: string) => parse(name, histograms),
  };
}

function rankingsOf(read: Reader): readonly Ranking[] {
  const [judgedLists, hits, sumNdcg, sumRecall] = [
    read.numbers('judged_lists'),
    read.numbers('hits'),
    read.numbers('sum_ndcg'),
    read.numbers('sum_recall'),
  ];
  const [sumPrecision, sumAveragePrecision, sumReciprocalRank] = [
    read.numbers('sum_precision'),
    read.numbers('sum_average_precision'),
    read.numbers('sum_reciprocal_rank'),
  ];
  return read.numbers('lists').map((lists, i) => ({
    lists,
    judgedLists: judgedLists[i]!,
    hits: hits[i]!,
    sumNdcg: sumNdcg[i]!,
    sumRecall: sumRecall[i]!,
    sumPrecision: sumPrecision[i]!,
    sumAveragePrecision: sumAveragePrecision[i]!,
    sumReciprocalRank: sumReciprocalRank[i]!,
  }));
}

function performancesOf(kind: 'binary' | 'numeric', origin: string, read: Reader): readonly Performance[] {
  const column = (name: string) => read.numbers(`${origin}_${name}`);
  const n = column('n');
  const sumSquaredError = column('sum_squared_error');
  if (kind === 'numeric') {
    const [sumError, sumAbsoluteError, sumLabel, sumSquaredLabel] = [
      column('sum_error'),
      column('sum_absolute_error'),
      column('sum_label'),
      column('sum_squared_label'),
    ];
    return n.map((count, i) => ({
      kind: 'regression',
      n: count,
      sumError: sumError[i]!,
      sumAbsoluteError: sumAbsoluteError[i]!,
      sumSquaredError: sumSquaredError[i]!,
      sumLabel: sumLabel[i]!,
      sumSquaredLabel: sumSquaredLabel[i]!,
    }));
  }
  const [positives, sumScore, sumLogLoss, correct] = [
    column('positives'),
    column('sum_score'),
    column('sum_log_loss'),
    column('correct'),
  ];
  const positiveScores = read.histograms(`${origin}_positive_scores`);
  const negativeScores = read.histograms(`${origin}_negative_scores`);
  return n.map((count, i) => ({
    kind: 'binary',
    n: count,
    positives: positives[i]!,
    sumScore: sumScore[i]!,
    sumLogLoss: sumLogLoss[i]!,
    sumSquaredError: sumSquaredError[i]!,
    correct: correct[i]!,
    positiveScores: positiveScores[i]!,
    negativeScores: negativeScores[i]!,
  }));
}

/** Throws a RangeError for no point: a row of the query has at least one. */
function mergedPoint(points: readonly BatchPoint[]): BatchPoint {
  const performance = mergeAllPerformance(points.map((point) => point.performance));
  if (performance === undefined) throw new RangeError('received no point, expected at least one');
  const ranking = mergeRankings(points.flatMap((point) => point.ranking ?? []));
  const imputed = mergeAllPerformance(points.flatMap((point) => point.imputed ?? []));
  return {
    index: 0,
    predictions: points.reduce((sum, point) => sum + point.predictions, 0),
    served: points.reduce((sum, point) => sum + point.served, 0),
    delays: sumCounts(points.map(({ delays }) => delays)),
    performance,
    ...(imputed !== undefined && { imputed }),
    ...(ranking !== undefined && { ranking }),
  };
}
