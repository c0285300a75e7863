import { hourOf, type Instant, instantSchema } from '../time.ts';
import * as z from '../zod.ts';
import { columnBuilder } from './gates/holdout-columns.ts';
import { type GateResult, judgeGate } from './gates/judge-gate.ts';
import { judgeSlices, type SlicesResult } from './gates/judge-slices.ts';
import { type HourlyLosses, lossBlocks } from './loss-blocks.ts';
import { type PairedResult, pairedVerdict } from './paired-verdict.ts';
import type { RolloutState, Verdict } from './rollout.ts';
import { logLoss, type RowLoss, squaredError } from './row-loss.ts';

// One look only, so that few days suffice for day blocks.
const minimumDays = 3;
const significance = 0.05;

const probability = z.number().min(0).max(1);
const rowSchema = z.strictObject({
  predictionId: z.string().min(1).max(128),
  predictedAt: instantSchema,
  label: z.number(),
  championScore: z.number(),
  candidateScore: z.number(),
  /** The row's value by the name of a segment; needed where a slice is judged. */
  segments: z.record(z.string().max(100), z.string().max(200)).optional(),
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

export type HoldoutResult = PairedResult & {
  /** Absent where the policy has none. */
  readonly gates?: readonly GateResult[];
  readonly slices?: SlicesResult;
};

/**
 * Judges the candidate on a hold-out, NDJSON with one `{predictionId, predictedAt, label, championScore, candidateScore}`
 * per line, read line by line. The loss is log loss for binary models and squared error for regression; the policy's gates
 * and slices are judged beside it, and the worst verdict counts. A line that is malformed, repeated or not later than the
 * training data is a `fail` that names it; fewer rows than the policy's minimum are `inconclusive`. The k-th candidate on
 * one hold-out is judged at the significance divided by k (Bonferroni): whoever tries often enough passes by luck, and
 * each verdict tells the next training something of the hold-out (Dwork et al. 2015, "The reusable holdout"). Over ten
 * attempts that adds up to 2.9 times the level.
 */
export function validateHoldout(lines: Iterable<string>, terms: HoldoutTerms): HoldoutResult {
  const { policy, attempts = 1 } = terms;
  const { gates = [], slices = [] } = policy;
  const hours = new Map<string, HourlyLosses>();
  const columns = gates.length + slices.length > 0 ? columnBuilder(slices.map(({ segment }) => segment)) : undefined;
  const seen = new Set<string>();
  let line = 0;
  for (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const row = parseRow(text, terms, seen);
    const problem = typeof row === 'string' ? row : columns?.add(row);
    if (typeof row === 'string' || problem !== undefined)
      return unusableHoldout(`line ${line} of the hold-out: ${problem}`);
    addRow(hours, row, terms.taskType === 'binary' ? logLoss : squaredError);
  }
  const paired = pairedVerdict(lossBlocks([...hours.values()], minimumDays), {
    marginRatio: policy.nonInferiorityMarginRatio,
    significance: significance / attempts,
    minimumRows: policy.minimumHoldoutRows,
  });
  return withAttempts(withGates(paired, columns?.build(minimumDays), policy, significance / attempts), attempts);
}

type Columns = ReturnType<ReturnType<typeof columnBuilder>['build']>;

/** Slices are tests of harm: dividing their level by the attempts would only blunt them. */
function withGates(
  paired: PairedResult,
  columns: Columns | undefined,
  policy: RolloutState['validationPolicy'],
  level: number,
): HoldoutResult {
  if (columns === undefined) return paired;
  const gates = (policy.gates ?? []).map((gate) => judgeGate(columns, gate, level));
  const slices = judgeSlices(columns, policy.slices ?? [], significance);
  const parts = [paired, ...gates, ...(slices ? [slices] : [])];
  return {
    paired: paired.paired,
    verdict: worstOf(parts.map(({ verdict }) => verdict)),
    reason: parts.map(({ reason }) => reason).join('; '),
    gates,
    ...(slices && { slices }),
  };
}

function worstOf(verdicts: readonly Verdict[]): Verdict {
  return (['fail', 'inconclusive'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'pass';
}

function withAttempts(result: HoldoutResult, attempts: number): HoldoutResult {
  if (attempts === 1) return result;
  const reason = `${result.reason}; candidate ${attempts} on this hold-out, judged at ${significance} / ${attempts}`;
  return { ...result, reason };
}

/** What a hold-out gets that has judged as many candidates as the policy lets it: it has told too much of itself. */
export function exhaustedHoldout(attempts: number, maximum: number): PairedResult {
  const reason = `the hold-out has judged ${attempts - 1} candidates, the policy allows ${maximum}: deliver one of a fresh window`;
  return { verdict: 'inconclusive', paired: noEvidence, reason };
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

function addRow(hours: Map<string, HourlyLosses>, row: Row, loss: RowLoss): void {
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
