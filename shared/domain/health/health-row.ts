import type { LabelSupplyStatus } from '../ground-truth/label-supply.ts';
import type { Instant } from '../time.ts';
import { dayMillis, dayOf, toInstant, toMillis } from '../time.ts';
import type { Evaluation } from './evaluation.ts';
import { statusToReport } from './status-to-report.ts';

/** Of one UTC day: the worst verdict that could be trusted. */
export type DayState = 'healthy' | 'warning' | 'breach' | 'unknown';

/** The latest scheduled evaluation of a model in a few hundred bytes, and the states of its last 30 days. */
export type HealthRow = Pick<
  Evaluation,
  | 'modelId'
  | 'version'
  | 'evaluatedAt'
  | 'verdict'
  | 'causes'
  | 'breaches'
  | 'summary'
  | 'stalenessScore'
  | 'confidence'
  | 'coverageRatio'
> & {
  /** As the evaluation has it; absent where it has none. */
  readonly labelSupply?: LabelSupplyStatus;
  /** The worst of realized performance and concept drift; absent when neither was measured. */
  readonly realized?: { readonly score: number };
  /** Counts the evaluations that went into it. */
  readonly revision: number;
  /** Since when the version has had this verdict. */
  readonly verdictSince: Instant;
  /** One letter a day, the last of them for `lastDay`; a dot where nothing was evaluated. */
  readonly days: { readonly lastDay: string; readonly states: string };
};

export const rememberedDays = 30;

const letters: Readonly<Record<DayState, string>> = { unknown: 'u', healthy: 'h', warning: 'w', breach: 'b' };
/** From the mildest to the worst: what is known speaks louder than what is not. */
const severity = '.uhwb';

/**
 * The row after one more scheduled evaluation, in whatever order they come: the newest one speaks for the model, each
 * counts for its day. The same one again changes nothing but the revision.
 */
export function mergeHealthRow(row: HealthRow | undefined, evaluation: Evaluation): HealthRow {
  const days = withDay(row?.days, dayOf(evaluation.evaluatedAt), letters[dayStateOf(evaluation)]);
  const revision = (row?.revision ?? 0) + 1;
  if (row !== undefined && row.evaluatedAt >= evaluation.evaluatedAt) return { ...row, revision, days };
  const { modelId, version, evaluatedAt, verdict, causes, breaches, summary } = evaluation;
  const { stalenessScore, confidence, coverageRatio } = evaluation;
  const isUnchanged = row?.version === version && row.verdict === verdict;
  const verdictSince = isUnchanged ? row.verdictSince : evaluatedAt;
  const said = { modelId, version, evaluatedAt, verdict, causes, summary, stalenessScore, confidence, coverageRatio };
  const supply = labelSupplyOf(evaluation);
  return {
    ...said,
    ...(breaches && { breaches }),
    ...(supply && { labelSupply: supply }),
    ...realizedOf(evaluation),
    revision,
    verdictSince,
    days,
  };
}

/** Of the worst part: a segment without labels is hidden by the whole. */
function labelSupplyOf({ labels }: Evaluation): LabelSupplyStatus | undefined {
  return labels?.segments.some(({ status }) => status === 'short') ? 'short' : labels?.status;
}

function realizedOf({ signals }: Evaluation): Pick<HealthRow, 'realized'> {
  const scores = signals
    .filter(({ name }) => name === 'performance' || name === 'conceptDrift')
    .flatMap(({ score }) => score ?? []);
  return scores.length === 0 ? {} : { realized: { score: Math.max(...scores) } };
}

/** A verdict that the model's lifecycle would not hear of leaves the day unknown. */
export function dayStateOf(evaluation: Evaluation): DayState {
  const status = statusToReport(evaluation);
  if (status === undefined) return 'unknown';
  if (status === 'at-risk') return 'breach';
  const isQuiet = evaluation.signals.every(({ verdict }) => verdict !== 'warning' && verdict !== 'breach');
  return isQuiet ? 'healthy' : 'warning';
}

/** Ascending; days without an evaluation are left out. */
export function daysOf({ days: { lastDay, states } }: HealthRow) {
  const last = toMillis(`${lastDay}T00:00:00.000Z`);
  return [...states].flatMap((letter, i) => {
    const state = (Object.keys(letters) as DayState[]).find((name) => letters[name] === letter);
    return state === undefined ? [] : [{ date: dayOf(toInstant(last - (states.length - 1 - i) * dayMillis)), state }];
  });
}

function withDay(held: HealthRow['days'] | undefined, day: string, letter: string): HealthRow['days'] {
  if (held === undefined) return { lastDay: day, states: letter };
  const lastDay = day > held.lastDay ? day : held.lastDay;
  const gap = daysBetween(held.lastDay, lastDay);
  const states = [...held.states, ...'.'.repeat(Math.min(gap, rememberedDays))].slice(-rememberedDays);
  while (states.length < Math.min(rememberedDays, daysBetween(day, lastDay) + 1)) states.unshift('.');
  const index = states.length - 1 - daysBetween(day, lastDay);
  const before = states[index];
  // Older than the row remembers.
  if (before === undefined) return held;
  if (severity.indexOf(letter) > severity.indexOf(before)) states[index] = letter;
  return { lastDay, states: states.join('') };
}

function daysBetween(earlier: string, later: string): number {
  return (toMillis(`${later}T00:00:00.000Z`) - toMillis(`${earlier}T00:00:00.000Z`)) / dayMillis;
}
