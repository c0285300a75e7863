import type { Policy } from '../registry/policy.ts';
import type { Instant } from '../time.ts';
import { signalLabels } from './confidence.ts';
import type { Cause, Signal } from './evaluation.ts';
import { figure, momentText } from './figures.ts';
import type { Fusion } from './fuse-signals.ts';

/**
 * Verdict, reason, evidence in one sentence: `at risk since 2001-05-03 14:00 UTC: log-loss skill 0.02 is 0.07 below the
 * baseline's 0.09 (limit 0.06, p 4e-5 over 7 day blocks), 7 days, n 11,213, coverage 0.98, confidence high; data drift ok`.
 */
export function summarize(policy: Policy, signals: readonly Signal[], fusion: Fusion, atRiskSince: Instant): string {
  const confidence = `confidence ${fusion.confidence.level}`;
  switch (fusion.verdict) {
    case 'at-risk': {
      const reasons = fusion.causes.map((cause) => causeReason(policy, signals, fusion, cause));
      const others = signals.filter((signal) => !fusion.causes.includes(signal.name));
      return `at risk since ${momentText(atRiskSince)}: ${reasons.join(' and ')}, ${confidence}${listed(others)}`;
    }
    case 'healthy': {
      const [first] = measuredByWeight(policy, signals);
      const others = signals.filter((signal) => signal !== first);
      return `healthy: ${first?.reason ?? ''}, ${confidence}${because(fusion)}${listed(others)}`;
    }
    case 'unknown':
      return `unknown: ${fusion.confidence.reasons.join('; ')}`;
  }
}

/** Why a cause stands, in a clause. */
export function causeReason(policy: Policy, signals: readonly Signal[], fusion: Fusion, cause: Cause): string {
  if (cause === 'staleness-score') return stalenessText(policy, fusion);
  const signal = signals.find(({ name }) => name === cause);
  if (signal?.verdict === 'breach') return signal.reason;
  const clear = fusion.breaches.find((breach) => breach.cause === cause)?.clearEvaluations ?? 0;
  const progress = `${clear} of ${policy.hysteresis.clearEvaluations} clear evaluations`;
  const now = `now: ${signal?.reason ?? 'not measured'}`;
  return `the breach of ${signalLabels[cause]} stands until it is cleared (${progress}, ${now})`;
}

function stalenessText({ stalenessThreshold }: Policy, { stalenessScore }: Fusion): string {
  const score = stalenessScore === null ? 'cannot be measured' : figure(stalenessScore);
  return `staleness score ${score} (threshold ${stalenessThreshold})`;
}

function measuredByWeight(policy: Policy, signals: readonly Signal[]): readonly Signal[] {
  return signals
    .filter((signal) => signal.score !== null)
    .toSorted((a, b) => policy.signals[b.name].weight - policy.signals[a.name].weight);
}

function because({ confidence }: Fusion): string {
  return confidence.reasons.length === 0 ? '' : ` (${confidence.reasons.join('; ')})`;
}

function listed(signals: readonly Signal[]): string {
  const texts = signals.map(({ name, verdict }) => `${signalLabels[name]} ${verdict.replace('-', ' ')}`);
  return texts.length === 0 ? '' : `; ${texts.join(', ')}`;
}
