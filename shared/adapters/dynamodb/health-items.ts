import type { HourlyPerformance, ScoreCounts, SparseCounts } from '../../domain/ground-truth/aggregates.ts';
import { packJson, unpackJson } from '../../domain/ground-truth/packed-json.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import type { EvaluationInputs } from '../../domain/health/evaluation-inputs.ts';
import type { HealthRow } from '../../domain/health/health-row.ts';
import type { TimelinePoint } from '../../domain/health/timeline.ts';
import { hourOf } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import { shardedList, shardOf } from './shards.ts';

type Item = Record<string, unknown>;

export const recordPrefix = 'evaluation#';

export const modelPartition = (modelId: string) => `model#${modelId}`;
export const latestKey = (modelId: string) => ({ pk: modelPartition(modelId), sk: 'latest' });
export const rowKey = (modelId: string) => ({ pk: rowPartition(shardOf(modelId)), sk: modelId });
export const rowPartition = (shard: number) => shardedList('fleet', shard);
export const timelinePartition = (modelId: string) => `timeline#${modelId}`;

/** One item an hour: a week of five-minute evaluations is 168 reads' worth of items and not 2,016. */
export const timelineKey = ({ modelId, evaluatedAt }: Evaluation) => ({
  pk: timelinePartition(modelId),
  sk: hourOf(evaluatedAt),
});

/** Within its hour; each evaluation has an attribute of its own, so that it is added without reading the others. */
export const pointName = ({ evaluatedAt }: Evaluation) => evaluatedAt.slice(14, 23);

export const recordKey = ({ modelId, evaluatedAt, kind }: Pick<Evaluation, 'modelId' | 'evaluatedAt' | 'kind'>) => ({
  pk: modelPartition(modelId),
  sk: `${recordPrefix}${evaluatedAt}#${kind}`,
});

/** `inputs`: what it can be made again from; an attribute of its own, which lists do not ask for. */
export function recordItem(evaluation: Evaluation, inputs: EvaluationInputs | undefined): Item {
  const item = { ...recordKey(evaluation), ...contentOf(evaluation) };
  return inputs === undefined ? item : { ...item, inputs: packJson(withPlainCounts(inputs)) };
}

/** Scores that were merged into arrays become the sparse counts they stand for: JSON has no typed arrays. */
function withPlainCounts({ realized, ...inputs }: EvaluationInputs): EvaluationInputs {
  return { ...inputs, realized: { ...realized, hours: realized.hours.map(withPlainScores) } };
}

function withPlainScores(hour: HourlyPerformance): HourlyPerformance {
  const { performance } = hour;
  if (performance?.kind !== 'binary') return hour;
  const { positiveScores, negativeScores } = performance;
  if (!(positiveScores instanceof Float64Array || negativeScores instanceof Float64Array)) return hour;
  const scores = { positiveScores: plain(positiveScores), negativeScores: plain(negativeScores) };
  return { ...hour, performance: { ...performance, ...scores } };
}

function plain(counts: ScoreCounts): SparseCounts {
  if (!(counts instanceof Float64Array)) return counts;
  const held: Record<string, number> = {};
  for (const [bin, count] of counts.entries()) if (count !== 0) held[bin] = count;
  return held;
}

export function latestItem(evaluation: Evaluation): Item {
  return { ...latestKey(evaluation.modelId), ...contentOf(evaluation) };
}

// Packed, because as text the evaluation of hundreds of features passes the 400 KB of an item, and because DynamoDB's
// numbers end at 1e-130, where p-values do not. Beside it: what an operator looks for in the console.
const packed = new WeakMap<Evaluation, Uint8Array>();

function contentOf(evaluation: Evaluation): Item {
  const { evaluatedAt, kind, verdict, summary } = evaluation;
  // The record and its copy as the latest are the same bytes; packing is the dearest part of writing them.
  const bytes = packed.get(evaluation) ?? packJson(evaluation);
  packed.set(evaluation, bytes);
  return { evaluatedAt, kind, verdict, summary, evaluation: bytes };
}

export const storedRecord = z.object({ sk: z.string(), evaluation: z.instanceof(Uint8Array) });

// What is read here and below are our own bytes, under a key that names what they are.
export function readRecord(item: unknown): Evaluation {
  return unpackJson(storedRecord.parse(item).evaluation) as Evaluation;
}

export function rowItem(row: HealthRow): Item {
  return { ...rowKey(row.modelId), revision: row.revision, row: JSON.stringify(row) };
}

export function readRow(item: Item): HealthRow {
  return JSON.parse(String(item.row)) as HealthRow;
}

export function pointText(point: TimelinePoint): string {
  return JSON.stringify(point);
}

export function readPoints({ pk: _pk, sk: _sk, ...points }: Item): readonly TimelinePoint[] {
  return Object.values(points).map((text) => JSON.parse(String(text)) as TimelinePoint);
}
