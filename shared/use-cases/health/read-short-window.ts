import type { Window } from '../../domain/health/evaluation-window.ts';
import {
  detectionHours,
  formerReference,
  formerStretches,
  hoursOf,
  longestHours,
  type ProfileByHour,
  partWith,
  pastHours,
  profileOf,
  type ServedTime,
  type ShortReference,
  type ShortStretch,
  type ShortWindow,
  trailingStretch,
} from '../../domain/health/short-window.ts';
import { minimumBlocks } from '../../domain/health/verdict/block-evidence.ts';
import type { Instant } from '../../domain/time.ts';
import type { GroundTruthMetrics, HourQuery } from '../../ports/ground-truth-metrics.ts';

export type ShortWindowQuery = ServedTime & {
  readonly of: Omit<HourQuery, 'hours'>;
  readonly minimumHours: number;
  readonly evaluatedAt: Instant;
  readonly runningHour: 'open' | 'closed';
  /** With which a break of the policy's size is found. */
  readonly rowsNeeded: Promise<number>;
};

type Metrics = Pick<GroundTruthMetrics, 'profilesOfHours'>;

/**
 * The last hours of a version and what they are held against: the same hours of former weeks, of at least eight days
 * while it has not served that long; before that, its last day against the days of the baseline.
 */
export async function readShortWindow(metrics: Metrics, query: ShortWindowQuery): Promise<ShortWindow> {
  const longest = trailing(query, Math.max(query.minimumHours, longestHours));
  const former = formerStretches(trailing(query, query.minimumHours), query);
  const hasFormer = former.length >= minimumBlocks;
  // For most models the shortest one has rows enough: what it is held against is asked for at once.
  const first = await read(metrics, query, [longest, ...(hasFormer ? former : [])]);
  const found = hasFormer ? await againstFormer(metrics, query, { longest, first }) : undefined;
  return found ?? againstBaseline(query, first);
}

/** Undefined when there are not enough former days. */
async function againstFormer(
  metrics: Metrics,
  query: ShortWindowQuery,
  { longest, first }: { readonly longest: ShortStretch; readonly first: ProfileByHour },
): Promise<ShortWindow | undefined> {
  const { minimumHours } = query;
  const former = (stretch: ShortStretch) => formerStretches(stretch, query);
  const shortest = trailing(query, minimumHours);
  const part = partWith(await query.rowsNeeded, minimumHours, longest, first);
  const isShortest = part.window.from === shortest.window.from;
  const profileByHour = isShortest ? first : new Map([...first, ...(await read(metrics, query, former(part)))]);
  const reference = formerReference(
    former(part).map(({ daysBack, window }) => ({
      daysBack,
      profile: profileOf(window, part.lastHourRatio, profileByHour),
    })),
  );
  if (reference === undefined) return undefined;
  const current = profileOf(part.window, 1, first);
  // The traffic of the hours looked at, or of the day when they are too few to tell.
  const traffic = isShortest ? part : longest;
  return { ...part, current, reference, detectionHours: await promised(query, traffic, first) };
}

/** Only whole days are like the days of a baseline. `profileByHour`: of the longest stretch at least. */
async function againstBaseline(query: ShortWindowQuery, profileByHour: ProfileByHour): Promise<ShortWindow> {
  const day = trailing(query, longestHours);
  const hours = Math.floor(pastHours(day));
  const reference: ShortReference =
    hours < longestHours
      ? { kind: 'none', reason: `needs ${longestHours} hours of the version, has ${hours}` }
      : { kind: 'baseline' };
  return {
    ...day,
    current: profileOf(day.window, 1, profileByHour),
    reference,
    detectionHours: await promised({ ...query, minimumHours: longestHours }, day, profileByHour),
  };
}

async function promised(
  { rowsNeeded, minimumHours }: ShortWindowQuery,
  stretch: ShortStretch,
  profileByHour: ProfileByHour,
): Promise<number | null> {
  const rows = hoursOf(stretch.window).reduce((sum, hour) => sum + (profileByHour.get(hour)?.n ?? 0), 0);
  return detectionHours(await rowsNeeded, minimumHours, { rows, hours: pastHours(stretch) });
}

function trailing({ evaluatedAt, runningHour, deployedAt }: ShortWindowQuery, hours: number): ShortStretch {
  return trailingStretch(evaluatedAt, runningHour, hours, { deployedAt });
}

async function read(
  metrics: Metrics,
  { of }: ShortWindowQuery,
  stretches: readonly { readonly window: Window }[],
): Promise<ProfileByHour> {
  return metrics.profilesOfHours({ ...of, hours: [...new Set(stretches.flatMap(({ window }) => hoursOf(window)))] });
}
