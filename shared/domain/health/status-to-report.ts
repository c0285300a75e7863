import type { Evaluation } from './evaluation.ts';
import { isDecisiveBreach } from './fuse-signals.ts';

/**
 * What the model's lifecycle may learn: a breach in effect and evidence at any confidence, everything else only when the
 * confidence is not low. Evaluate-now informs and never alerts.
 */
export function statusToReport(evaluation: Evaluation): 'healthy' | 'at-risk' | undefined {
  const { kind, verdict, confidence, policy, signals } = evaluation;
  if (kind === 'on-demand' || verdict === 'unknown') return undefined;
  const isProven = signals.some((signal) => isDecisiveBreach(policy, signal));
  return confidence.level !== 'low' || isProven ? verdict : undefined;
}
