import { countText, figure, pValueText } from '../figures.ts';
import { minimumBlocks } from './block-evidence.ts';
import type { JudgedShift, ShiftInput } from './shift.ts';

/** `PSI of originLateRate 0.31 (0.28 to 0.34, breach at 0.25, p 1e-12 over 30 and 8 day blocks, n 11,213)` */
export function shiftReason({ name, limits }: ShiftInput, judged: Omit<JudgedShift, 'reason'>): string {
  const { value, interval, pValue, blocks, n, effectFloor } = judged;
  const floor = effectFloor > limits.breach ? `, the reference varies by ${figure(effectFloor)} itself` : '';
  const over = blocks === null ? '' : ` over ${blocks.reference} and ${blocks.current} blocks`;
  const evidence = pValue === null ? 'no evidence' : pValueText(pValue);
  const figures = `PSI of ${name} ${figure(value)} (${figure(interval.low)} to ${figure(interval.high)}, breach at ${limits.breach}${floor}, ${evidence}${over}, n ${countText(n)})`;
  return judged.verdict === 'insufficient-data' ? `${figures}: ${whyAbstained(judged)}` : figures;
}

function whyAbstained({ n, nNeeded, blocks, pValue, interval }: Omit<JudgedShift, 'reason'>): string {
  if (nNeeded === null) return 'the reference has too few rows to find a breach with any number of current ones';
  if (n < nNeeded) return `needs ${countText(nNeeded)} rows, has ${countText(n)}`;
  if (blocks !== null && pValue === null && Math.min(blocks.reference, blocks.current) < minimumBlocks)
    return `needs ${minimumBlocks} blocks on each side, has ${blocks.reference} and ${blocks.current}`;
  return `a shift of ${figure(interval.high)} cannot be excluded`;
}
