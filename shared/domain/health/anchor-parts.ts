import type { Policy } from '../registry/policy.ts';
import type { AnchorComparison, AnchorCounts, Baseline } from './baseline.ts';
import { figure } from './figures.ts';
import { insufficientPart } from './judged-part.ts';
import { anchorPartName } from './part-label.ts';
import { type Rate, rateCounts } from './rate-counts.ts';
import { type JudgedPart, leadingPart } from './signal.ts';
import type { AlphaOf } from './significance.ts';
import { judgeShift } from './verdict/judge-shift.ts';

type Facts = {
  readonly policy: Policy;
  readonly baseline: Pick<Baseline, 'version' | 'anchor' | 'anchorOmitted'>;
  readonly alphaOf: AlphaOf;
};
type Compared = {
  readonly name: string;
  readonly of: string;
  readonly order: 'ordered' | 'nominal';
  readonly anchor: readonly number[];
  readonly own: readonly number[];
};

/**
 * How far the reference of a version itself has moved from that of the anchor, the model's first champion. For
 * information: a version that is trained on drifted rows fits what it serves, so a shift is a warning at most. The rows
 * of both are taken as independent.
 */
export function anchorParts(facts: Facts, judged: readonly { readonly name: string }[]): readonly JudgedPart[] {
  const { anchor } = facts.baseline;
  if (anchor === undefined) return [];
  return judged.flatMap(({ name }) => {
    const feature = anchor.features[name];
    if (feature === undefined) return [];
    const order = feature.kind === 'numeric' ? 'ordered' : 'nominal';
    const values = { name, of: name, order, anchor: feature.anchor.bins, own: feature.own.bins } as const;
    return [
      part(facts, values),
      ...ratePart(facts, anchor, { name, what: 'missing' }),
      ...ratePart(facts, anchor, { name, what: 'unseen' }),
    ];
  });
}

/** What the reason of a signal has to add; nothing while no reference has moved. */
export function anchorRemark(
  { version, anchor, anchorOmitted }: Facts['baseline'],
  parts: readonly JudgedPart[],
): string {
  if (anchorOmitted !== undefined)
    return `; the baseline was too large to compare its reference with that of version ${anchorOmitted}`;
  const moved = parts.filter(({ verdict }) => verdict === 'warning');
  const leading = leadingPart(moved);
  if (anchor === undefined || leading === undefined) return '';
  const more = moved.length > 1 ? ` and ${moved.length - 1} more` : '';
  return `; the reference of version ${version} itself has moved from that of version ${anchor.version}: ${leading.reason}${more}`;
}

/** As for what is served: missing among all rows, unseen among those with a value, nothing while neither side has any. */
function ratePart(
  facts: Facts,
  { version, features }: AnchorComparison,
  { name, what }: { readonly name: string; readonly what: Rate },
): readonly JudgedPart[] {
  const { anchor, own } = features[name]!;
  const [before, after] = [sharesOf(anchor, what), sharesOf(own, what)];
  if (before[0] === 0 && after[0] === 0) return [];
  const judged = part(facts, {
    name: `${name}:${what}`,
    of: 'the two shares',
    order: 'nominal',
    anchor: before,
    own: after,
  });
  if (judged.value === null) return [judged];
  const [value, reference] = [rateOf(after), rateOf(before)];
  const both = `${what} rate of ${name} ${figure(value)}, ${figure(reference)} in version ${version}`;
  return [{ ...judged, value, reference, reason: `${both}: ${judged.reason}` }];
}

function sharesOf({ bins, missing, unseen }: AnchorCounts, what: Rate): readonly [number, number] {
  return rateCounts({ known: bins.reduce((sum, count) => sum + count, 0), missing, unseen }, what);
}

function rateOf([count, others]: readonly [number, number]): number {
  return count / (count + others);
}

function part({ policy, alphaOf }: Facts, { name, of, order, anchor, own }: Compared): JudgedPart {
  const { psiWarning, psiBreach, effectAt } = policy.signals.dataDrift;
  const limits = { warning: psiWarning, breach: psiBreach };
  const alpha = alphaOf({ window: 'long' });
  const judged = judgeShift({ name: of, reference: anchor, current: own, order, limits, alpha, effectAt });
  if (judged.value === null) return insufficientPart(anchorPartName(name), judged.reason);
  const { value, verdict, score, pValue, interval, n, nNeeded, reason } = judged;
  return {
    name: anchorPartName(name),
    value,
    reference: 0,
    evidence: pValue,
    score,
    effect: verdict === 'insufficient-data' ? null : value / psiBreach,
    verdict: verdict === 'breach' ? 'warning' : verdict,
    reason,
    interval,
    n,
    nNeeded,
    alpha,
  };
}
