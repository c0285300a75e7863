import { scoreBins } from '../ground-truth/aggregates.ts';
import { logLoss } from '../ground-truth/loss.ts';
import { middleOf } from './estimation/binned-calibration.ts';

const lossesOf = (label: 0 | 1) => Float64Array.from({ length: scoreBins }, (_, bin) => logLoss(middleOf(bin), label));
const [negative, positive] = [lossesOf(0), lossesOf(1)];

/** Log loss, in nats, of a score at the middle of its bin. */
export function lossAt(bin: number, label: 0 | 1): number {
  return (label === 1 ? positive : negative)[bin]!;
}
