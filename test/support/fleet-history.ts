import { encodePerformance, encodeProfile } from '../../shared/domain/ground-truth/aggregate-codec.ts';
import type { Profile } from '../../shared/domain/ground-truth/aggregates.ts';
import { initialCursor } from '../../shared/domain/ground-truth/cursor.ts';
import { noChanges, withChanges } from '../../shared/domain/ground-truth/day-changes.ts';
import { performanceOf } from '../../shared/domain/ground-truth/performance.ts';
import { addToProfile, emptyProfile } from '../../shared/domain/ground-truth/profile.ts';
import type { Baseline } from '../../shared/domain/health/baseline.ts';
import type { ReferenceRow } from '../../shared/domain/health/reference-row.ts';
import { hourMillis, hourOf, toInstant } from '../../shared/domain/time.ts';
import { type AggregateWrite, type JoinBuffer, maximumWrites } from '../../shared/ports/join-buffer.ts';
import type { SeededModel, Story } from './fleet-models.ts';

type SeededRow = ReferenceRow & { readonly label: 0 | 1 };

export type History = {
  /** Hours before the seeding that have traffic, one in `everyHours`. */
  readonly days: number;
  readonly everyHours: number;
  /** Predictions in each of these hours. */
  readonly rowsPerHour: number;
};

/**
 * Rows of a model with features `f0` …: all uniform, `shift` moves the features; labels agree with the score. A seed
 * gives always the same rows (Park & Miller 1988).
 */
export function rowsOf(count: number, features: number, seed = 1, shift = 0): readonly SeededRow[] {
  let state = seed * 7_919;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from({ length: count }, () => {
    const score = 0.05 + 0.9 * random();
    const values = Array.from({ length: features }, (_, j) => [`f${j}`, shift + random()]);
    return { features: Object.fromEntries(values), score, label: random() < score ? 1 : 0 };
  });
}

// Some hours differ from others, and making them is the dearest part.
const variants = 48;

/** What an hour of each story looks like, for features `f0` …; made once for the whole fleet. */
export function createHours(baseline: Baseline, features: number, rowsPerHour: number) {
  const known = new Map<string, { readonly profile: Profile; readonly performance: Uint8Array }>();
  return (story: Story, hour: number) => {
    const key = `${story} ${hour % variants}`;
    const made = known.get(key) ?? makeHour(baseline, story, hour % variants, features, rowsPerHour);
    known.set(key, made);
    return made;
  };
}

function makeHour(baseline: Baseline, story: Story, variant: number, features: number, rowsPerHour: number) {
  const rows = rowsOf(rowsPerHour, features, 2 + variant, story === 'drifted' ? 0.4 : 0);
  const points = Array.from({ length: 12 }, (_, index) => {
    const some = rows.filter((__, i) => i % 12 === index);
    const labelled = story === 'unlabelled' ? [] : some;
    return { index, predictions: some.length, performance: performanceOf('binary', labelled) };
  });
  return { profile: addToProfile(emptyProfile, baseline, rows), performance: encodePerformance(points) };
}

/** Puts the aggregates of the model's past where the join would have put them. */
export async function writeHistory(
  buffer: JoinBuffer,
  { modelId, story, definition }: SeededModel,
  {
    days,
    everyHours,
    now,
    hourOfStory,
  }: History & { readonly now: number; readonly hourOfStory: ReturnType<typeof createHours> },
): Promise<void> {
  if (story === 'silent') return;
  const names = definition.features.map(({ name }) => name);
  const renamed = (profile: Profile): Profile => ({
    ...profile,
    features: Object.fromEntries(names.map((name, j) => [name, profile.features[`f${j}`]!])),
  });
  const end = Math.floor(now / hourMillis);
  const hours = Array.from({ length: (days * 24) / everyHours }, (_, i) => end - 1 - i * everyHours).toReversed();
  const aggregates = hours.flatMap((number): AggregateWrite[] => {
    const key = { hour: hourOf(toInstant(number * hourMillis)), versions: '1' };
    const { profile, performance } = hourOfStory(story, number);
    return [
      { ...key, kind: 'profile', data: encodeProfile(renamed(profile)) },
      { ...key, kind: 'performance', data: performance },
    ];
  });
  const bucket = { modelId, bucket: 0 };
  for (let start = 0; start < aggregates.length; start += maximumWrites.items - 1) {
    const held = start === 0 ? initialCursor : await buffer.cursor(bucket);
    const some = aggregates.slice(start, start + maximumWrites.items - 1);
    const revision = held.revision + 1;
    const committed = { revision, hours: some.map(({ hour }) => hour), now, attributionWindowMinutes: 60 };
    const cursor = { ...held, revision, changes: withChanges(held.changes ?? noChanges, committed) };
    await buffer.commit(bucket, { cursor, parts: [], aggregates: some });
  }
}
