import { countText, figure, pValueText } from '../figures.ts';
import { minimumBlocks } from './block-evidence.ts';
import type { JudgedShift, ShiftInput } from './shift.ts';
import { psiMeasure } from './shift-measure.ts';

/** `PSI of originLateRate 0.31 (0.28 to 0.34, breach at 0.25, p 1e-12 over 30 and 8 day blocks, n 11,213)` */
export function shiftReason(
  { name, limits, alpha, blocks: sides, measure = psiMeasure }: ShiftInput,
  judged: Omit<JudgedShift, 'reason'>,
): string {
  const { value, interval, pValue, blocks, n, effectFloor } = judged;
  const floor = effectFloor > limits.breach ? `, the reference varies by ${figure(effectFloor)} itself` : '';
  const over = blocks === null ? '' : ` over ${blocks.reference} and ${blocks.current} blocks`;
  const isBorrowed = pValue !== null && (sides?.referenceSpread ?? 'own') !== 'own';
  const borrowed = isBorrowed ? ', the reference, whose rows carry no time, held to vary as the current ones do' : '';
  const isOverwhelming = judged.verdict === 'breach' && (pValue === null || pValue >= alpha);
  const evidence = isOverwhelming ? 'overwhelming' : pValue === null ? 'no evidence' : pValueText(pValue);
  const figures = `${measure.name} of ${name} ${figure(value)} (${figure(interval.low)} to ${figure(interval.high)}, breach at ${limits.breach}${floor}, ${evidence}${over}${borrowed}, n ${countText(n)})`;
  return judged.verdict === 'insufficient-data' ? `${figures}: ${whyAbstained(judged)}` : figures;
}

function whyAbstained({ n, nNeeded, blocks, pValue, interval }: Omit<JudgedShift, 'reason'>): string {
  if (nNeeded === null) return 'the reference has too few rows to find a breach with any number of current ones';
  if (n < nNeeded) return `needs ${countText(nNeeded)} rows, has ${countText(n)}`;
  if (blocks?.reference === 0 && pValue === null) return 'the rows of the reference carry no time';
  if (blocks !== null && pValue === null && Math.min(blocks.reference, blocks.current) < minimumBlocks)
    return `needs ${minimumBlocks} blocks on each side, has ${blocks.reference} and ${blocks.current}`;
  return `a shift of ${figure(interval.high)} cannot be excluded`;
}
