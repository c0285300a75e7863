import type { ArmSums, HourlyPaired } from './aggregates.ts';
import { emptyPaired } from './paired.ts';

/** An aggregate of one hour and bucket. */
type OfHour = { readonly hour: string; readonly value: ArmSums };
type StoredArms = { readonly older: readonly OfHour[]; readonly newer: readonly OfHour[] };

/** The hours with the sums of units in the place of those of predictions; ascending. Hours may have one and not the other. */
export function withArmsOfUnits(
  paired: readonly HourlyPaired[],
  { older, newer }: StoredArms,
): readonly HourlyPaired[] {
  const pairedByHour = new Map(paired.map((each) => [each.hour, each.paired]));
  const [olderByHour, newerByHour] = [sumsByHour(older), sumsByHour(newer)];
  const hours = new Set([...pairedByHour.keys(), ...olderByHour.keys(), ...newerByHour.keys()]);
  const none = emptyPaired.arms;
  return [...hours].sort().map((hour) => {
    const arms = { older: olderByHour.get(hour) ?? none.older, newer: newerByHour.get(hour) ?? none.newer };
    return { hour, paired: { ...(pairedByHour.get(hour) ?? emptyPaired), arms } };
  });
}

function sumsByHour(stored: readonly OfHour[]): ReadonlyMap<string, ArmSums> {
  const sums = new Map<string, ArmSums>();
  for (const { hour, value } of stored) {
    const { n, sum, sumSquares } = sums.get(hour) ?? emptyPaired.arms.older;
    sums.set(hour, { n: n + value.n, sum: sum + value.sum, sumSquares: sumSquares + value.sumSquares });
  }
  return sums;
}
