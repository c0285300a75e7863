import { hourOf, type Instant, instantSchema } from '../time.ts';
import * as z from '../zod.ts';
import { type HourlyLosses, lossBlocks } from './loss-blocks.ts';
import { type PairedResult, pairedVerdict } from './paired-verdict.ts';
import type { RolloutState } from './rollout.ts';

// One look only, so that few days suffice for day blocks.
const minimumDays = 3;
const significance = 0.05;
const clip = 1e-15;

const probability = z.number().min(0).max(1);
const rowSchema = z.strictObject({
  predictionId: z.string().min(1).max(128),
  predictedAt: instantSchema,
  label: z.number(),
  championScore: z.number(),
  candidateScore: z.number(),
});
const binaryRowSchema = rowSchema.extend({
  label: z.union([z.literal(0), z.literal(1)]),
  championScore: probability,
  candidateScore: probability,
});
type Row = z.infer<typeof rowSchema>;

export type HoldoutTerms = {
  readonly taskType: 'binary' | 'regression';
  readonly policy: RolloutState['validationPolicy'];
  /** Rows must be later: a candidate is not judged on what it learnt from. */
  readonly trainingDataEnd: Instant;
  /** Candidates that this hold-out has judged, this one included, ≥ 1. @default 1 */
  readonly attempts?: number;
};

/**
 * Judges the candidate on a hold-out, NDJSON with one `{predictionId, predictedAt, label, championScore, candidateScore}`
 * per line. The loss is log loss for binary models (scores clipped to 1e-15 … 1 - 1e-15) and squared error for
 * regression. A line that is malformed, repeated or not later than the training data is a `fail` that names it; fewer
 * rows than the policy's minimum are `inconclusive`. The k-th candidate on one hold-out is judged at the significance
 * divided by k (Bonferroni): whoever tries often enough passes by luck, and each verdict tells the next training something
 * of the hold-out (Dwork et al. 2015, "The reusable holdout"). Over ten attempts that adds up to 2.9 times the level.
 */
export function validateHoldout(text: string, terms: HoldoutTerms): PairedResult {
  const hours = new Map<string, HourlyLosses>();
  const seen = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = parseRow(line, terms, seen);
    if (typeof row === 'string') return unusableHoldout(`line ${index + 1} of the hold-out: ${row}`);
    addRow(hours, row, terms.taskType === 'binary' ? logLoss : squaredError);
  }
  const { nonInferiorityMarginRatio: marginRatio, minimumHoldoutRows: minimumRows } = terms.policy;
  const { attempts = 1 } = terms;
  const limits = { marginRatio, significance: significance / attempts, minimumRows };
  const result = pairedVerdict(lossBlocks([...hours.values()], minimumDays), limits);
  if (attempts === 1) return result;
  const reason = `${result.reason}; candidate ${attempts} on this hold-out, judged at ${significance} / ${attempts}`;
  return { ...result, reason };
}

/** What a rollout without a hold-out gets: no data is never a pass. */
export function withoutHoldout(): PairedResult {
  return {
    verdict: 'inconclusive',
    paired: noEvidence,
    reason: 'no hold-out was delivered, so that the candidate cannot be compared with the champion',
  };
}

function parseRow(line: string, { taskType, trainingDataEnd }: HoldoutTerms, seen: Set<string>): Row | string {
  const parsed = (taskType === 'binary' ? binaryRowSchema : rowSchema).safeParse(parseLine(line));
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`).join('; ');
  const row = parsed.data;
  if (seen.has(row.predictionId)) return `predictionId ${JSON.stringify(row.predictionId)} occurs twice`;
  seen.add(row.predictionId);
  return row.predictedAt > trainingDataEnd
    ? row
    : `predictedAt ${row.predictedAt} is not later than the candidate's training data, which ends ${trainingDataEnd}`;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The schema then says that it expected an object.
    return undefined;
  }
}

function addRow(hours: Map<string, HourlyLosses>, row: Row, loss: (score: number, label: number) => number): void {
  const hour = hourOf(row.predictedAt);
  const sum = hours.get(hour) ?? { hour, n: 0, championLoss: 0, difference: 0 };
  const championLoss = loss(row.championScore, row.label);
  const difference = loss(row.candidateScore, row.label) - championLoss;
  hours.set(hour, {
    hour,
    n: sum.n + 1,
    championLoss: sum.championLoss + championLoss,
    difference: sum.difference + difference,
  });
}

function logLoss(score: number, label: number): number {
  const p = Math.min(1 - clip, Math.max(clip, score));
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
}

function squaredError(score: number, label: number): number {
  return (score - label) ** 2;
}

const noEvidence = {
  n: 0,
  blocks: 0,
  championLoss: null,
  candidateLoss: null,
  relativeDifference: null,
  interval: null,
} as const;

/** A hold-out that cannot be used as it stands. */
export function unusableHoldout(reason: string): PairedResult {
  return { verdict: 'fail', paired: noEvidence, reason };
}
