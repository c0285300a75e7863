import { type BlockTestInput, blockJackknife } from '../block-jackknife.ts';
import { minimumBlocks } from './block-evidence.ts';
import { neededBlocksText } from './judge-degradation.ts';

/** Of days that are too few to show theirs; the same that `judgeShift` assumes. */
const assumedDesignEffect = 25;

export type EffectSpread =
  | { readonly variance: number; readonly degreesOfFreedom: number }
  | { readonly reason: string };

/**
 * Sampling variance of a statistic of a stream, as its days vary (jackknife, differences of neighbouring days); of too few
 * days, as rows in large clusters would. `ofRows`: its variance were its rows independent, null when nobody knows.
 */
export function effectSpread<T>(
  input: Omit<BlockTestInput<T>, 'spread' | 'alternative'>,
  ofRows: number | null,
): EffectSpread {
  const { blocks } = input;
  const evidence = blockJackknife({ ...input, alternative: 'greater', spread: 'successive' });
  const ofDays = evidence.value === null ? 0 : evidence.standardError ** 2;
  if (blocks.length < minimumBlocks && ofRows !== null)
    return { variance: Math.max(ofDays, assumedDesignEffect * ofRows), degreesOfFreedom: Number.POSITIVE_INFINITY };
  if (evidence.value === null)
    return { reason: blocks.length < minimumBlocks ? neededBlocksText(blocks.length) : evidence.reason };
  // Days that happen to vary less than independent rows would are no reason to believe more.
  return { variance: Math.max(ofRows ?? 0, ofDays), degreesOfFreedom: evidence.degreesOfFreedom };
}
