import type { Signal, SignalName, SignalPart } from './evaluation.ts';
import { worstVerdict } from './severity.ts';

/** A part before it is written down: the effect and score behind its verdict. Both null when it is insufficient. */
export type JudgedPart = SignalPart & {
  readonly score: number | null;
  /** As a share of the breach limit. */
  readonly effect: number | null;
};

/** What a signal has to say while there is nothing to measure, or too little. */
export function insufficientSignal(signal: {
  readonly name: SignalName;
  readonly unit: string;
  readonly n: number;
  readonly nNeeded: number;
  readonly maturity?: number;
  readonly reason: string;
  readonly parts?: readonly SignalPart[];
}): Signal {
  const { parts = [], ...rest } = signal;
  return { ...rest, value: null, score: null, evidence: null, effect: null, verdict: 'insufficient-data', parts };
}

/** The part that speaks for the signal: the most severe, among equals the one closest to its limit. */
export function leadingPart(parts: readonly JudgedPart[]): JudgedPart | undefined {
  const verdict = worstVerdict(parts.map((part) => part.verdict));
  return parts
    .filter((part) => part.verdict === verdict)
    .reduce<JudgedPart | undefined>(
      (leading, part) => (leading === undefined || (part.effect ?? 0) > (leading.effect ?? 0) ? part : leading),
      undefined,
    );
}

/** More than a person reads in one sentence; all parts are in the record. */
const mostSpoken = 3;

/** The breaching parts have their say, the largest effects first, the rest are counted; otherwise the leading one. */
export function reasonOf(parts: readonly JudgedPart[]): string {
  const breaches = parts
    .filter((part) => part.verdict === 'breach')
    .toSorted((a, b) => (b.effect ?? 0) - (a.effect ?? 0));
  if (breaches.length === 0) return leadingPart(parts)?.reason ?? '';
  const spoken = breaches.slice(0, mostSpoken).map((part) => part.reason);
  const unspoken = breaches.length - spoken.length;
  return [...spoken, ...(unspoken > 0 ? [`${unspoken} more in breach`] : [])].join(' and ');
}

/** As it is recorded: what of its parts scores how much, the signal's own score says. */
export function withoutJudgement({ score: _score, ...part }: JudgedPart): SignalPart {
  return part;
}
