import type { HourlyProfile, Profile } from '../../domain/ground-truth/aggregates.ts';
import { mergeAllProfiles } from '../../domain/ground-truth/profile.ts';
import type { Window } from '../../domain/health/evaluation-window.ts';
import {
  detectionHours,
  formerStretches,
  longestHours,
  partWith,
  pastHours,
  type ServedTime,
  type ShortReference,
  type ShortStretch,
  type ShortWindow,
  shareOfProfile,
  trailingStretch,
} from '../../domain/health/short-window.ts';
import { minimumBlocks } from '../../domain/health/verdict/block-evidence.ts';
import { hourMillis, hourStart, type Instant, toInstant, toMillis } from '../../domain/time.ts';
import type { GroundTruthMetrics, MetricWindow } from '../../ports/ground-truth-metrics.ts';

export type ShortWindowQuery = ServedTime & {
  readonly of: Pick<MetricWindow, 'modelId' | 'version' | 'buckets'>;
  readonly minimumHours: number;
  readonly evaluatedAt: Instant;
  readonly runningHour: 'open' | 'closed';
  /** With which a break of the policy's size is found. */
  readonly rowsNeeded: Promise<number>;
};

type Metrics = Pick<GroundTruthMetrics, 'profile' | 'hourlyProfiles'>;

/**
 * The last hours of a version and what they are held against: the same hours of eight weeks, or of at least eight days
 * while it has not served that long; before that, its last day against the days of the baseline.
 */
export async function readShortWindow(metrics: Metrics, query: ShortWindowQuery): Promise<ShortWindow> {
  return (await againstFormerHours(metrics, query)) ?? againstBaseline(metrics, query);
}

async function againstFormerHours(metrics: Metrics, query: ShortWindowQuery): Promise<ShortWindow | undefined> {
  const shortest = trailing(query, query.minimumHours);
  // Most models have rows enough in it: what they are held against is asked for at once.
  const [first, reference, needed] = await Promise.all([
    hoursOf(metrics, query, shortest),
    readReference(metrics, query, shortest),
    query.rowsNeeded,
  ]);
  if (reference === undefined) return undefined;
  if (rowsOf(first) >= needed) return settled(query, needed, { ...shortest, reference }, { ...shortest, hours: first });
  const longest = trailing(query, Math.max(query.minimumHours, longestHours));
  const hours = await hoursOf(metrics, query, longest);
  const part = partWith(needed, query.minimumHours, longest, hours);
  const former = await readReference(metrics, query, part);
  return former && settled(query, needed, { ...part, reference: former }, { ...longest, hours });
}

/** Only whole days are like the days of a baseline. */
async function againstBaseline(metrics: Metrics, query: ShortWindowQuery): Promise<ShortWindow> {
  const day = trailing(query, longestHours);
  const reference: ShortReference =
    pastHours(day) < longestHours
      ? { kind: 'none', reason: `needs ${longestHours} hours of the version, has ${Math.floor(pastHours(day))}` }
      : { kind: 'baseline' };
  const hours = await hoursOf(metrics, query, day);
  const needed = await query.rowsNeeded;
  return settled({ ...query, minimumHours: longestHours }, needed, { ...day, reference }, { ...day, hours });
}

/** `read` is the stretch, or a longer one that ends with it. */
function settled(
  { minimumHours }: ShortWindowQuery,
  rowsNeeded: number,
  stretch: ShortStretch & Pick<ShortWindow, 'reference'>,
  read: ShortStretch & { readonly hours: readonly HourlyProfile[] },
): ShortWindow {
  const held = read.hours.filter(({ hour }) => hourStart(hour) >= stretch.window.from);
  return {
    ...stretch,
    current: mergeAllProfiles(held.map(({ profile }) => profile)),
    detectionHours: detectionHours(rowsNeeded, minimumHours, { rows: rowsOf(read.hours), hours: pastHours(read) }),
  };
}

function trailing({ evaluatedAt, runningHour, deployedAt }: ShortWindowQuery, hours: number): ShortStretch {
  return trailingStretch(evaluatedAt, runningHour, hours, { deployedAt });
}

function hoursOf(metrics: Metrics, { of }: ShortWindowQuery, { window }: ShortStretch) {
  return metrics.hourlyProfiles({ ...of, ...window });
}

function rowsOf(hours: readonly HourlyProfile[]): number {
  return hours.reduce((sum, { profile }) => sum + profile.n, 0);
}

/** Undefined when the version has not served long enough to be held against itself. */
async function readReference(
  metrics: Metrics,
  query: ShortWindowQuery,
  stretch: ShortStretch,
): Promise<ShortReference | undefined> {
  for (const kind of ['weeks', 'days'] as const) {
    const former = formerStretches(stretch, kind, query);
    if (former.length < minimumBlocks) continue;
    const read = await Promise.all(former.map((window) => readBlock(metrics, query, window, stretch.lastHourRatio)));
    const blocks = read.filter(({ n }) => n > 0);
    if (blocks.length >= minimumBlocks) return { kind, blocks };
  }
  return undefined;
}

/** The last hour apart: it counts as far as the running one has come, and is asked for as part of the rest later. */
async function readBlock(metrics: Metrics, { of }: ShortWindowQuery, window: Window, ratio: number): Promise<Profile> {
  const lastHour = toInstant(toMillis(window.to) - hourMillis);
  const [before, last] = await Promise.all([
    lastHour > window.from ? metrics.profile({ ...of, from: window.from, to: lastHour }) : undefined,
    metrics.profile({ ...of, from: lastHour, to: window.to }),
  ]);
  const counted = shareOfProfile(last, ratio);
  return before === undefined ? counted : mergeAllProfiles([before, counted]);
}
