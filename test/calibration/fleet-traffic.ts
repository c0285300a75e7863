import { distributionOf } from './distributions.ts';
import type { Draws } from './random.ts';
import { commonVariance, type DependenceName, hourlyAutocorrelation, sharesByLevel } from './streams.ts';

export const hoursPerDay = 24;
const kinds = ['normal', 'zero-inflated', 'binary', 'missing rate'] as const;
const dependences: readonly DependenceName[] = ['independent', 'autoregressive', 'day-clustered'];

export type Feature = {
  readonly name: string;
  readonly kind: (typeof kinds)[number];
  readonly dependence: DependenceName;
  readonly bins: number;
};

/** Features of a model: each kind of values with each dependence, in turn. */
export function featuresOf(count: number): readonly Feature[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length]!;
    const dependence = dependences[Math.floor(i / kinds.length) % dependences.length]!;
    return { name: `${kind} ${i}`, kind, dependence, bins: distributionOf(kind).shares.length };
  });
}

export type Traffic = {
  /** Counts of one feature in a slot of a day. */
  counts(feature: number, day: number, slot: number): Float64Array;
};

type Plan = {
  readonly draws: Draws;
  readonly features: readonly Feature[];
  readonly days: number;
  /** Hours of each slot; together they are the day. */
  readonly slots: readonly (readonly number[])[];
  readonly rowsPerHour: number;
  /** Shift of a feature on the normal scale in an hour of the run. @default none */
  readonly tilt?: (feature: number, hour: number) => number;
  /** Slots that nobody looks at stay empty. @default all are drawn */
  readonly isNeeded?: (day: number, slot: number) => boolean;
};

/**
 * Counts of a model's features, slot by slot. The levels of hours and days are the model's: its clustered features move
 * together, so that their tests depend on each other. Rows of a slot fall into its hours alike.
 */
export function simulateTraffic({
  draws,
  features,
  days,
  slots,
  rowsPerHour,
  tilt = () => 0,
  isNeeded = () => true,
}: Plan): Traffic {
  const all = features.map(({ bins }) => Array.from({ length: days * slots.length }, () => new Float64Array(bins)));
  const innovation = Math.sqrt(1 - hourlyAutocorrelation ** 2);
  const prepared = features.map(groupOf);
  let state = draws.normal();
  for (let day = 0; day < days; day += 1) {
    const dayLevel = draws.normal();
    const hourLevels = Array.from({ length: hoursPerDay }, () => {
      state = hourlyAutocorrelation * state + innovation * draws.normal();
      return state;
    });
    const levelOf = {
      independent: () => 0,
      'day-clustered': () => dayLevel,
      autoregressive: (hour: number) => hourLevels[hour]!,
    };
    for (const [slot, hours] of slots.entries()) {
      if (!isNeeded(day, slot)) continue;
      const known = new Map<number, Float64Array>();
      for (const [index, group] of prepared.entries()) {
        const shift = tilt(index, day * hoursPerDay + hours[0]!);
        const key = group.number + 100 * Math.round(1_000 * shift);
        const shares = known.get(key) ?? meanShares(group, hours.map(levelOf[group.dependence]), shift);
        known.set(key, shares);
        draws.multinomial(rowsPerHour * hours.length, shares, all[index]![day * slots.length + slot]!);
      }
    }
  }
  return { counts: (feature, day, slot) => all[feature]![day * slots.length + slot]! };
}

/** Features of one kind and dependence have the same shares. */
type Group = {
  readonly number: number;
  readonly dependence: DependenceName;
  readonly bins: number;
  readonly given: ReturnType<typeof sharesByLevel>;
};

function groupOf({ kind, dependence, bins }: Feature): Group {
  return {
    number: kinds.indexOf(kind) * dependences.length + dependences.indexOf(dependence),
    dependence,
    bins,
    given: sharesByLevel(distributionOf(kind).shares, commonVariance[dependence]),
  };
}

function meanShares({ dependence, bins, given }: Group, levels: readonly number[], shift: number): Float64Array {
  if (dependence !== 'autoregressive') return given(levels[0]!, shift);
  const mixed = new Float64Array(bins);
  for (const level of levels) {
    const here = given(level, shift);
    for (let bin = 0; bin < bins; bin += 1) mixed[bin]! += here[bin]! / levels.length;
  }
  return mixed;
}
