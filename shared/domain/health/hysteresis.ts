import type { Policy } from '../registry/policy.ts';
import type { Instant } from '../time.ts';
import type { Breach, Cause, Evaluation, Signal, SignalPart } from './evaluation.ts';
import { judgedParts } from './judged-parts.ts';
import { partLabel } from './part-label.ts';
import { scoreAtWorst } from './staleness-score.ts';

/** What the row of a model, or the evaluation before, says of its breaches. */
export type Former = Pick<Evaluation, 'verdict' | 'causes' | 'breaches' | 'evaluatedAt'>;

type HysteresisInput = {
  readonly policy: Policy;
  readonly signals: readonly Signal[];
  readonly confidence: Evaluation['confidence'];
  /** Found in breach by this evaluation. */
  readonly found: readonly Cause[];
  readonly former: Former | undefined;
  readonly evaluatedAt: Instant;
};

/** Whoever reads the row of every model reads these with it. */
const rememberedParts = 10;

/**
 * The breaches found now and, after them, the former ones that are not cleared yet: that takes
 * `policy.hysteresis.clearEvaluations` evaluations in a row, this one included, which can be trusted and measured the cause
 * below `clearRatio` of its limit. Two thresholds keep a model at its limit from flapping (Schmitt 1938, "A thermionic
 * trigger").
 */
export function breachesAfter(input: HysteresisInput): readonly Breach[] {
  const { policy, signals, found, evaluatedAt } = input;
  const formers = formerBreaches(input.former);
  const current = found.map((cause) => {
    const former = formers.find((breach) => breach.cause === cause);
    const now = breachingParts(
      policy,
      signals.find(({ name }) => name === cause),
    );
    const parts = [...new Set([...now, ...(former?.parts ?? [])])].slice(0, rememberedParts);
    return { cause, since: former?.since ?? evaluatedAt, clearEvaluations: 0, parts };
  });
  const kept = formers
    .filter(({ cause }) => !found.includes(cause))
    .map((breach) => ({ ...breach, clearEvaluations: isClear(input, breach) ? breach.clearEvaluations + 1 : 0 }))
    .filter(({ clearEvaluations }) => clearEvaluations < policy.hysteresis.clearEvaluations);
  return [...current, ...kept];
}

function formerBreaches(former: Former | undefined): readonly Breach[] {
  if (former?.verdict !== 'at-risk') return [];
  const { breaches, causes, evaluatedAt } = former;
  return breaches ?? causes.map((cause) => ({ cause, since: evaluatedAt, clearEvaluations: 0, parts: [] }));
}

function isClear({ policy, signals, confidence }: HysteresisInput, breach: Breach): boolean {
  if (confidence.level === 'low') return false;
  const { clearRatio } = policy.hysteresis;
  if (breach.cause === 'staleness-score') {
    const score = scoreAtWorst(policy, signals);
    return score === null || score < clearRatio * policy.stalenessThreshold;
  }
  const signal = signals.find(({ name }) => name === breach.cause);
  if (signal === undefined || signal.score === null) return false;
  // An owner who takes a feature out of the judged ones is not held up by it any more.
  const breached = judgedParts(policy, signal).filter((part) => breach.parts.includes(partLabel(part)));
  return isBelow(signal, clearRatio) && breached.every((part) => isBelow(part, clearRatio));
}

/** Where no effect was recorded, the verdict has to say it. */
function isBelow({ verdict, effect }: Pick<SignalPart, 'verdict' | 'effect'>, clearRatio: number): boolean {
  if (verdict === 'insufficient-data' || verdict === 'breach') return false;
  return effect === undefined || effect === null ? verdict === 'ok' : effect < clearRatio;
}

function breachingParts(policy: Policy, signal: Signal | undefined): readonly string[] {
  if (signal === undefined) return [];
  const breaching = judgedParts(policy, signal).filter(({ verdict }) => verdict === 'breach');
  return breaching.toSorted((a, b) => (b.effect ?? 0) - (a.effect ?? 0)).map(partLabel);
}
