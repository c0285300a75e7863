import type { Policy } from '../registry/policy.ts';
import type { Breach, Evaluation, Explanation, Signal, SignalPart } from './evaluation.ts';
import type { Fusion } from './fuse-signals.ts';
import { judgedParts } from './judged-parts.ts';
import { partLabel } from './part-label.ts';
import { causeReason } from './summarize.ts';
import { wouldChange } from './would-change.ts';

/** More than these are read in the record. */
const mostParts = 5;

/** Why the verdict is what it is, since when, in which features, and what would change it. */
export function explain(
  policy: Policy,
  signals: readonly Signal[],
  fusion: Fusion,
  coverageRatio: Evaluation['coverageRatio'],
): Explanation {
  return {
    causes: fusion.breaches.map((breach) => {
      const signal = signals.find(({ name }) => name === breach.cause);
      return {
        cause: breach.cause,
        since: breach.since,
        reason: causeReason(policy, signals, fusion, breach.cause),
        parts: signal === undefined ? [] : worstParts(judgedParts(policy, signal), breach),
      };
    }),
    wouldChange: wouldChange(policy, signals, fusion, coverageRatio),
  };
}

function worstParts(parts: readonly SignalPart[], breach: Breach): Explanation['causes'][number]['parts'] {
  const byEffect = (a: SignalPart, b: SignalPart) => (b.effect ?? 0) - (a.effect ?? 0);
  const breaching = parts.filter(({ verdict }) => verdict === 'breach').toSorted(byEffect);
  const former = parts.filter((part) => !breaching.includes(part) && breach.parts.includes(partLabel(part)));
  return [...breaching, ...former.toSorted(byEffect)].slice(0, mostParts).map(shown);
}

function shown({ name, window, segment, value, effect, verdict, reason }: SignalPart) {
  return {
    name,
    ...(window && { window }),
    ...(segment !== undefined && { segment }),
    value,
    ...(effect !== undefined && { effect }),
    verdict,
    reason,
  };
}
