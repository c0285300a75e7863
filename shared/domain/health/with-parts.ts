import type { Signal } from './evaluation.ts';
import { worstVerdict } from './severity.ts';
import { type JudgedPart, leadingPart, reasonOf, withoutJudgement } from './signal.ts';

/**
 * The signal with further parts, of other windows or segments. They raise its verdict; that they found nothing, or had too
 * few rows, leaves it as it is. `score`: what they come to together, 0 … 1; the signal's is the larger one.
 */
export function withParts(signal: Signal, parts: readonly JudgedPart[], score: number): Signal {
  const held = { ...signal, parts: [...signal.parts, ...parts.map(withoutJudgement)] };
  const leading = leadingPart(parts);
  if (leading === undefined || (leading.verdict !== 'breach' && leading.verdict !== 'warning')) return held;
  const verdict = worstVerdict([signal.verdict, leading.verdict]);
  if (verdict !== leading.verdict) return held;
  const isRaised = signal.verdict !== verdict;
  return {
    ...held,
    verdict,
    value: signal.value ?? leading.value,
    score: Math.max(signal.score ?? 0, score),
    evidence: isRaised ? leading.evidence : signal.evidence,
    effect: isRaised ? leading.effect : signal.effect,
    reason: isRaised ? reasonOf(parts) : `${signal.reason} and ${reasonOf(parts)}`,
  };
}
