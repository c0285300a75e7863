import type { Profile } from '../../../shared/domain/ground-truth/aggregates.ts';
import { emptyProfile } from '../../../shared/domain/ground-truth/profile.ts';
import { createProfileAccumulator } from '../../../shared/domain/ground-truth/profile-accumulator.ts';
import type { Baseline } from '../../../shared/domain/health/baseline.ts';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import type { ReferenceRow } from '../../../shared/domain/health/reference-row.ts';
import {
  shortDataDriftParts,
  shortPredictionDriftParts,
  shortRowsNeeded,
} from '../../../shared/domain/health/short-window-parts.ts';
import { defaultPolicy, type Policy } from '../../../shared/domain/registry/policy.ts';
import { type Feature, featureListSchema } from '../../../shared/domain/registry/schemas.ts';
import { dayMillis, hourMillis, hourStart, type Instant, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { readShortWindow } from '../../../shared/use-cases/health/read-short-window.ts';
import { gaussian, seeded } from './statistics/seeded.ts';

/** Payments whose amounts, countries and numbers follow the day and the week, and differ a little from day to day. */
export type Stream = {
  readonly seed: number;
  readonly rowsPerHour: number;
  /** Added to the amount, whose standard deviation is 1. @default 0 */
  readonly shiftAt?: (millis: number) => number;
  /** Amounts are missing. @default never */
  readonly isMissingAt?: (millis: number) => boolean;
};

export const features: readonly Feature[] = featureListSchema.parse([
  { name: 'amount', type: 'numeric' },
  { name: 'hour', type: 'numeric' },
  { name: 'weekday', type: 'categorical' },
  { name: 'country', type: 'categorical' },
]);
export const deployedAt = '2001-03-05T00:00:00.000Z';
export const policy: Policy = defaultPolicy(1);

type TimedRow = ReferenceRow & { readonly predictedAtMillis: number };

/** The rows of one hour, the same for the same seed. */
export function rowsOfHour(stream: Stream, from: number): readonly TimedRow[] {
  const { seed, rowsPerHour, shiftAt = () => 0, isMissingAt = () => false } = stream;
  const random = seeded(seed * 100_003 + from / hourMillis);
  const day = Math.floor(from / dayMillis);
  const luck = 0.15 * gaussian(seeded(seed * 7_919 + day));
  const hour = (from / hourMillis) % 24;
  const weekday = (day + 4) % 7;
  const isWeekend = weekday === 0 || weekday === 6;
  const daily = Math.sin((2 * Math.PI * hour) / 24);
  const count = Math.round(rowsPerHour * (1 + 0.5 * daily) * (isWeekend ? 0.6 : 1));
  return Array.from({ length: count }, (_, i) => {
    const predictedAtMillis = from + ((i + 0.5) / count) * hourMillis;
    const amount = gaussian(random) + daily + (isWeekend ? 1 : 0) + luck + shiftAt(predictedAtMillis);
    const home = 0.6 + 0.2 * daily + (isWeekend ? -0.2 : 0);
    return {
      predictedAtMillis,
      features: {
        amount: isMissingAt(predictedAtMillis) ? null : amount,
        hour,
        weekday: String(weekday),
        country: random() < home ? 'DE' : random() < 0.7 ? 'FR' : 'US',
      },
      score: 1 / (1 + Math.exp(2 - amount)),
    };
  });
}

/** Of the four weeks before the deployment. */
export function baselineOf(stream: Stream): Baseline {
  const to = toMillis(deployedAt);
  const from = to - 28 * dayMillis;
  const hours = Array.from({ length: 28 * 24 }, (_, i) => from + i * hourMillis);
  return buildBaseline({
    modelId: 'payments',
    version: 1,
    taskType: 'binary',
    features,
    rows: hours.flatMap((hour) => rowsOfHour({ seed: stream.seed, rowsPerHour: 20 }, hour)),
    from: toInstant(from),
    to: toInstant(to - 1),
  });
}

export type World = ReturnType<typeof worldOf>;

/** What the aggregates say at a moment, and the parts that the last hours give. */
export function worldOf(stream: Stream, changed: Partial<Policy> = {}) {
  const baseline = baselineOf(stream);
  const used = { ...policy, ...changed };
  const whole = new Map<string, Profile>();
  const profileOf = (hour: string, now: number): Profile => {
    const from = toMillis(hourStart(hour));
    const isWhole = from + hourMillis <= now;
    const known = isWhole ? whole.get(hour) : undefined;
    if (known !== undefined) return known;
    const counted = createProfileAccumulator(baseline);
    for (const row of rowsOfHour(stream, from)) if (row.predictedAtMillis < now) counted.add(row);
    const profile = counted.addedTo(emptyProfile);
    if (isWhole) whole.set(hour, profile);
    return profile;
  };
  return async (evaluatedAt: Instant, brokenSince?: Instant) => {
    const metrics = {
      profilesOfHours: async ({ hours }: { readonly hours: readonly string[] }) =>
        new Map(
          hours.map((hour) => [hour, profileOf(hour, toMillis(evaluatedAt))] as const).filter(([, { n }]) => n > 0),
        ),
    };
    const alphaOf = () => policy.significance;
    const short = await readShortWindow(metrics, {
      of: { modelId: 'payments', version: 1, buckets: 1 },
      deployedAt,
      brokenSince,
      minimumHours: used.shortWindow.minimumHours,
      evaluatedAt,
      runningHour: 'open',
      rowsNeeded: Promise.resolve(shortRowsNeeded(used, features, baseline, alphaOf)),
    });
    const facts = { policy: used, baseline, short, alphaOf };
    const parts = [...shortDataDriftParts(facts, features), ...shortPredictionDriftParts(facts)];
    return {
      short,
      parts,
      breaches: parts.filter(({ verdict }) => verdict === 'breach').map(({ name }) => name),
      amount: parts.find(({ name }) => name === 'amount')!,
    };
  };
}
