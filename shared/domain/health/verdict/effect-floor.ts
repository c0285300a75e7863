import { quantile } from '../bins.ts';
import { totalOf } from '../smoothed-shares.ts';
import type { Blocks } from './block-spread.ts';
import { psiMeasure, type ShiftMeasure } from './shift-measure.ts';

/** Fewer stretches than this say nothing of a 99th percentile. */
const minimumStretches = 8;

/**
 * How far a stretch of `length` blocks of the reference is from the rest of it: the 99th percentile (type 7) over all such
 * stretches of the shift less its bias. What the reference does to itself is no drift. 0 when it is too short to tell.
 */
export function effectFloor(blocks: Blocks, length: number, measure: ShiftMeasure = psiMeasure): number {
  const stretches = blocks.length - length + 1;
  if (length < 1 || stretches < minimumStretches || blocks.length < 2 * length) return 0;
  const total = sum(blocks);
  let inside = sum(blocks.slice(0, length));
  const shifts: number[] = [];
  for (let start = 0; start < stretches; start += 1) {
    if (start > 0)
      inside = inside.map((count, bin) => count - blocks[start - 1]![bin]! + blocks[start + length - 1]![bin]!);
    const rest = total.map((count, bin) => count - inside[bin]!);
    const shift = measure.between(rest, inside);
    if (shift.value === null) continue;
    const bias = measure.ofPsi * (inside.length - 1) * (1 / totalOf(rest) + 1 / totalOf(inside));
    shifts.push(Math.max(0, shift.value - bias));
  }
  return shifts.length < minimumStretches ? 0 : quantile(Float64Array.from(shifts).sort(), 0.99);
}

function sum(blocks: Blocks): readonly number[] {
  const bins = blocks[0]?.length ?? 0;
  return Array.from({ length: bins }, (_, bin) => blocks.reduce((total, block) => total + block[bin]!, 0));
}
