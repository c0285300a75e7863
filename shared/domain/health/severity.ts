import type { SignalVerdict } from './evaluation.ts';

/** Sizes of an effect. A warning above the breach counts as the breach. */
export type Limits = { readonly warning: number; readonly breach: number };

/** A limit without a warning of its own warns half way. */
export function limitsOf(breach: number): Limits {
  return { warning: breach / 2, breach };
}

/** 0 at no effect, 0.5 at the warning, 1 at the breach and beyond, linear between. */
export function scoreOf(effect: number, limits: Limits): number {
  const { breach } = limits;
  const warning = Math.min(limits.warning, breach);
  if (effect >= breach) return 1;
  if (effect >= warning) return 0.5 + (0.5 * (effect - warning)) / (breach - warning);
  return (0.5 * Math.max(0, effect)) / warning;
}

type Evidence = 'significant' | 'not-significant';

/**
 * A breach takes both the effect and the evidence (p below the policy's significance). An effect of breach size that may
 * still be chance is a warning; a warning-sized one that may be chance is nothing.
 */
export function verdictOf(effect: number, limits: Limits, evidence: Evidence): SignalVerdict {
  const proven = evidence === 'significant';
  if (effect >= limits.breach) return proven ? 'breach' : 'warning';
  return effect >= limits.warning && proven ? 'warning' : 'ok';
}

const bySeverity: Readonly<Record<SignalVerdict, number>> = { 'insufficient-data': 0, ok: 1, warning: 2, breach: 3 };

/** The most severe one; `insufficient-data` only when nothing else is there. */
export function worstVerdict(verdicts: readonly SignalVerdict[]): SignalVerdict {
  return verdicts.reduce<SignalVerdict>(
    (worst, verdict) => (bySeverity[verdict] > bySeverity[worst] ? verdict : worst),
    'insufficient-data',
  );
}
