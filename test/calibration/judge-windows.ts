import { judgeShift } from '../../shared/domain/health/verdict/judge-shift.ts';
import type { JudgedShift } from '../../shared/domain/health/verdict/shift.ts';
import { distributionOf } from './distributions.ts';
import type { Feature } from './fleet-traffic.ts';
import { limits } from './typical-team.ts';

export type Blocks = readonly Float64Array[];
/** What one window compares, with what of it is the same at every look. */
export type Reference = {
  readonly blocks: readonly (readonly number[])[];
  readonly total: readonly number[];
  readonly logShares: Float64Array;
};

export function referenceOf(blocks: Blocks): Reference {
  const total = sumOf(blocks);
  return {
    blocks: blocks.map((block) => Array.from(block)),
    total: Array.from(total),
    logShares: smoothed(total).map(Math.log),
  };
}

/** A breach, judged only where the PSI is large enough for one: nothing below its limit breaches. */
export function breachOf(
  feature: Feature,
  reference: Reference,
  blocks: Blocks,
  window: { readonly alpha: number; readonly kind: 'short' | 'long' },
): JudgedShift | undefined {
  const current = sumOf(blocks);
  if (psiOf(reference, current) < 0.999 * limits.breach) return undefined;
  const judged = judgeShift({
    name: feature.name,
    order: distributionOf(feature.kind).order,
    limits,
    alpha: window.alpha,
    reference: reference.total,
    current: Array.from(current),
    blocks: {
      referenceBlocks: reference.blocks,
      currentBlocks: blocks.map((block) => Array.from(block)),
      currentSpread: window.kind === 'long' ? 'own' : { asReferenceBlocks: blocks.length },
    },
  });
  return judged.verdict === 'breach' ? judged : undefined;
}

function psiOf({ logShares }: Reference, current: Float64Array): number {
  const shares = smoothed(current);
  let psi = 0;
  for (let bin = 0; bin < shares.length; bin += 1)
    psi += (shares[bin]! - Math.exp(logShares[bin]!)) * (Math.log(shares[bin]!) - logShares[bin]!);
  return psi;
}

function smoothed(counts: Float64Array): Float64Array {
  let total = counts.length / 2;
  for (const count of counts) total += count;
  return counts.map((count) => (count + 0.5) / total);
}

export function sumOf(blocks: Blocks): Float64Array {
  const sum = new Float64Array(blocks[0]!.length);
  for (const block of blocks) for (let bin = 0; bin < sum.length; bin += 1) sum[bin]! += block[bin]!;
  return sum;
}
