import { sampleFactor, sequenceHalfWidth } from './confidence-sequence.ts';
import type { HourlyLosses } from './loss-blocks.ts';
import type { PairedResult } from './paired-verdict.ts';
import { percentText } from './percent-text.ts';
import { ratioEstimate, sequenceBlocks } from './ratio-estimate.ts';
import type { PairedEvidence, Verdict } from './rollout.ts';

export type PairedSequenceLimits = {
  /** Largest tolerated relative increase of the loss. */
  readonly marginRatio: number;
  /** One-sided, over the whole rollout. */
  readonly significance: number;
  readonly minimumRows: number;
};

/**
 * Non-inferiority on the paired loss of all traffic since the rollout began, at every moment one looks. `pass`: the
 * confidence sequence of the relative difference lies below the margin. `fail`: it lies above 0, and the difference itself
 * above the margin; without the second, the days that a short rollout happens to see could fail an equal candidate, since
 * nobody assigned days by chance. Everything else, no data included, is `inconclusive`.
 */
export function pairedSequence(hours: readonly HourlyLosses[], limits: PairedSequenceLimits): PairedResult {
  const filled = hours.filter(({ n }) => n > 0);
  const [n, championLoss, difference] = totals(filled);
  const means =
    n === 0
      ? { championLoss: null, candidateLoss: null }
      : { championLoss: championLoss / n, candidateLoss: (championLoss + difference) / n };
  const unknown = { n, blocks: filled.length, ...means, interval: null };
  if (n < limits.minimumRows)
    return inconclusive({ ...unknown, relativeDifference: championLoss > 0 ? difference / championLoss : null }, [
      `needs ${limits.minimumRows} rows scored by both, has ${n}`,
    ]);
  if (championLoss <= 0)
    return inconclusive({ ...unknown, relativeDifference: null }, ['the champion made no loss to compare with']);
  const losses = filled.map(({ hour, difference, championLoss: base }) => ({ hour, difference, base }));
  const { estimate, standardError, freedom, unit, blocks } = ratioEstimate(losses, sequenceBlocks.day);
  const known = { n, blocks, ...means, relativeDifference: estimate };
  if (blocks < sequenceBlocks[unit])
    return inconclusive({ ...known, interval: null }, [
      `needs rows of ${sequenceBlocks[unit]} ${unit}s, has ${blocks}`,
    ]);
  const terms = { significance: limits.significance, margin: limits.marginRatio };
  const halfWidth = sequenceHalfWidth({ standardError, freedom }, terms);
  const needed = Math.ceil(n * sampleFactor(standardError, terms));
  const sequence = { significance: limits.significance, unit, blocks, has: n, needed };
  if (!Number.isFinite(halfWidth))
    return inconclusive({ ...known, interval: null, sequence }, [
      `the variance of ${blocks} ${unit} blocks allows no bound yet`,
    ]);
  const interval = [estimate - halfWidth, estimate + halfWidth] as const;
  const verdict = verdictOf(estimate, halfWidth, limits.marginRatio);
  const paired = { ...known, interval, sequence };
  return { verdict, paired, reason: describe(verdict, paired, limits.marginRatio) };
}

function verdictOf(estimate: number, halfWidth: number, margin: number): Verdict {
  if (estimate + halfWidth < margin) return 'pass';
  return estimate > margin && estimate - halfWidth > 0 ? 'fail' : 'inconclusive';
}

function describe(
  verdict: Verdict,
  { n, blocks, relativeDifference, interval: [low, high], sequence }: Described,
  margin: number,
): string {
  const evidence = `loss ${percentText(relativeDifference)} against the champion, interval ${percentText(low)} to ${percentText(high)}, margin ${percentText(margin)}, n ${n} in ${blocks} ${sequence.unit} blocks`;
  const more = verdict === 'inconclusive' ? `; needs about ${sequence.needed} rows, has ${n}` : '';
  return `paired loss ${verdict} (${evidence}${more})`;
}

type Described = PairedEvidence & {
  readonly relativeDifference: number;
  readonly interval: readonly [number, number];
  readonly sequence: NonNullable<PairedEvidence['sequence']>;
};

function inconclusive(paired: PairedEvidence, [why]: readonly [string]): PairedResult {
  return { verdict: 'inconclusive', paired, reason: `paired loss inconclusive: ${why}` };
}

function totals(hours: readonly HourlyLosses[]): readonly [n: number, championLoss: number, difference: number] {
  let [n, championLoss, difference] = [0, 0, 0];
  for (const each of hours) {
    n += each.n;
    championLoss += each.championLoss;
    difference += each.difference;
  }
  return [n, championLoss, difference];
}
