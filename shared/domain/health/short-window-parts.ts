import type { FeatureCounts, Profile } from '../ground-truth/aggregates.ts';
import { totalCount } from '../ground-truth/sparse-counts.ts';
import type { Policy } from '../registry/policy.ts';
import type { Feature } from '../registry/schemas.ts';
import type { Baseline, Bins } from './baseline.ts';
import { binCount } from './bins.ts';
import { denseCounts } from './feature-drift.ts';
import { countText, momentText } from './figures.ts';
import { anyDay, type FormerSides, sameWeekday } from './former-hours.ts';
import { type Rate, rateCounts } from './rate-counts.ts';
import { type Limits, limitsOf } from './severity.ts';
import type { ShortReference, ShortWindow } from './short-window.ts';
import type { JudgedPart } from './signal.ts';
import type { AlphaOf } from './significance.ts';
import { minimumBlocks } from './verdict/block-evidence.ts';
import { effectFloor } from './verdict/effect-floor.ts';
import type { BinOrder } from './verdict/group-sparse-bins.ts';
import { judgeShift } from './verdict/judge-shift.ts';
import { rowsNeeded } from './verdict/rows-needed.ts';

export type ShortWindowFacts = {
  readonly policy: Policy;
  readonly baseline: Baseline;
  readonly short: ShortWindow;
  readonly alphaOf: AlphaOf;
};

/** Counts of one profile that one test compares. */
type CountsOf = (profile: Profile) => readonly number[];
type Compared = {
  readonly name: string;
  readonly order: BinOrder;
  readonly limits: Limits;
  readonly counts: CountsOf;
};

const nothing: FeatureCounts = { bins: {}, missing: 0, unseen: 0 };

/** Rows with which a break of the policy's size is found in any feature or the output, were they independent. */
export function shortRowsNeeded(
  policy: Policy,
  features: readonly Feature[],
  baseline: Baseline,
  alphaOf: AlphaOf,
): number {
  const { psiBreach } = policy.signals.dataDrift;
  const compared = [
    { bins: baseline.scores, effect: outputLimits(policy).breach },
    ...features.flatMap(({ name }) => ({ bins: baseline.features[name], effect: psiBreach })),
  ];
  const needed = compared.flatMap(({ bins, effect }) => {
    if (bins === undefined) return [];
    const degreesOfFreedom = Math.max(1, binCount(bins) - 1);
    const ofCurrent = rowsNeeded({
      effect,
      alpha: alphaOf({ window: 'short' }),
      degreesOfFreedom,
      referenceRows: Number.POSITIVE_INFINITY,
      designEffect: 1,
    });
    // A reference of eight blocks as large as the stretch adds an eighth of its variance.
    return Math.ceil(ofCurrent * (1 + 1 / minimumBlocks));
  });
  return Math.max(0, ...needed);
}

/** Sudden breaks of the judged features: values, missing and unseen rates, each against the same hours before. */
export function shortDataDriftParts(facts: ShortWindowFacts, judged: readonly Feature[]): readonly JudgedPart[] {
  const { psiWarning, psiBreach } = facts.policy.signals.dataDrift;
  const limits = { warning: psiWarning, breach: psiBreach };
  return judged.flatMap(({ name }) => {
    const bins = facts.baseline.features[name];
    if (bins === undefined) return [];
    const of = (profile: Profile) => profile.features[name] ?? nothing;
    const singletonRatio = facts.baseline.singletonRatios?.[name];
    const rate = ({ bins: known, ...counts }: FeatureCounts, what: Rate) =>
      rateCounts({ ...counts, known: totalCount(known) }, what, singletonRatio);
    const values = {
      name,
      order: orderOf(bins),
      limits,
      counts: (profile: Profile) => denseCounts(bins, of(profile).bins),
    };
    return [
      judgedPart(facts, values),
      ...(['missing', 'unseen'] as const).flatMap((what) =>
        ratePart(facts, {
          name: `${name}:${what}`,
          limits,
          counts: (profile) => rate(of(profile), what),
          holds: (profile) => of(profile)[what] > 0,
        }),
      ),
    ];
  });
}

/** A sudden break of the output. */
export function shortPredictionDriftParts(facts: ShortWindowFacts): readonly JudgedPart[] {
  const { scores } = facts.baseline;
  return [
    judgedPart(facts, {
      name: 'psi',
      order: orderOf(scores),
      limits: outputLimits(facts.policy),
      counts: (profile) => denseCounts(scores, profile.scores),
    }),
  ];
}

/** PSI is the sum of the divergences both ways (Jeffreys 1946), which are alike for shifts of this size. */
function outputLimits({ signals }: Policy): Limits {
  const { klWarning, klBreach, psiBreach } = signals.predictionDrift;
  return psiBreach === null ? { warning: 2 * klWarning, breach: 2 * klBreach } : limitsOf(psiBreach);
}

type ComparedRate = Omit<Compared, 'order'> & {
  /** Whether any row may count. */
  readonly holds: (profile: Profile) => boolean;
};

/** Nothing to say while neither side has any. */
function ratePart(facts: ShortWindowFacts, { holds, ...rate }: ComparedRate): readonly JudgedPart[] {
  const part = { ...rate, order: 'nominal' as const };
  const has = (counts: readonly number[] | undefined) => counts !== undefined && counts[0]! > 0;
  const isThere =
    has(rate.counts(facts.short.current)) ||
    // Counting a whole reference only to find that it has none is what most rates come to.
    (referenceProfiles(facts).some(holds) && has(sidesOf(facts, part)?.reference));
  return isThere ? [judgedPart(facts, part)] : [];
}

function referenceProfiles({ baseline, short: { reference } }: ShortWindowFacts): readonly Profile[] {
  if (reference.kind === 'none') return [];
  return reference.kind === 'baseline' ? [baseline.profile] : reference.former.map(({ profile }) => profile);
}

function judgedPart(facts: ShortWindowFacts, compared: Compared): JudgedPart {
  const { policy, short, alphaOf } = facts;
  const { name, order, limits } = compared;
  const base = { name, reference: 0, window: 'short' } as const;
  if (short.reference.kind === 'none') return { ...base, ...unjudged(`${name}: ${short.reference.reason}`) };
  const sides = sidesOf(facts, compared);
  if (sides === undefined || sides.blocks.length < minimumBlocks)
    return {
      ...base,
      ...unjudged(`${name}: needs ${minimumBlocks} days of the version or of its baseline with values`),
    };
  const { reference, blocks } = sides;
  const current = compared.counts(short.current);
  const isItself = short.reference.kind !== 'baseline';
  const alpha = alphaOf({ window: 'short' });
  const judged = judgeShift({
    name,
    reference,
    current,
    order,
    limits,
    alpha,
    blocks: isItself
      ? { referenceBlocks: blocks, currentBlocks: [], currentSpread: { asReferenceBlocks: 1 } }
      : { referenceBlocks: blocks, currentBlocks: [current], currentSpread: 'own' },
    effectFloor: isItself ? effectFloor(blocks, 1) : 0,
    effectAt: policy.signals.dataDrift.effectAt,
  });
  if (judged.value === null) return { ...base, ...unjudged(judged.reason) };
  const { value, verdict, score, effect, interval, pValue, n, nNeeded, designEffect } = judged;
  return {
    ...base,
    value,
    verdict,
    score,
    interval,
    n,
    nNeeded,
    designEffect,
    alpha,
    effect: effect / limits.breach,
    evidence: pValue,
    ...(judged.blocks !== null && { blocks: judged.blocks }),
    reason: `${judged.reason}, since ${momentText(short.window.from)}, against ${referenceText(short.reference)}`,
  };
}

function sidesOf({ baseline, short }: ShortWindowFacts, { counts }: Pick<Compared, 'counts'>): FormerSides | undefined {
  if (short.reference.kind === 'none') return undefined;
  if (short.reference.kind === 'baseline') {
    const blocks = (baseline.blocks ?? []).map(({ profile }) => counts(profile));
    return { reference: counts(baseline.profile), blocks: blocks.filter((block) => block.some((count) => count > 0)) };
  }
  const { kind, former } = short.reference;
  const held = former.map(({ daysBack, profile }) => ({ daysBack, counts: counts(profile) }));
  return kind === 'weeks' ? sameWeekday(held) : anyDay(held);
}

function unjudged(reason: string) {
  return {
    value: null,
    evidence: null,
    score: null,
    effect: null,
    verdict: 'insufficient-data',
    reason,
  } as const;
}

function orderOf({ kind }: Bins): BinOrder {
  return kind === 'numeric' ? 'ordered' : 'nominal';
}

function referenceText(reference: ShortReference): string {
  if (reference.kind === 'days')
    return `the same hours of ${countText(reference.former.length)} days (weekdays are mixed)`;
  if (reference.kind === 'baseline') return 'the days of the baseline, which only an overwhelming break exceeds';
  const weeks = reference.kind === 'weeks' ? reference.former.filter(({ daysBack }) => daysBack % 7 === 0).length : 0;
  return `the same hours of ${weeks} weeks`;
}
