import type {
  DailyPerformance,
  FiveMinutePerformance,
  HourlyPaired,
  HourlyPerformance,
  Layer,
  Profile,
  ProfileBlock,
} from '../domain/ground-truth/aggregates.ts';
import type { OfVersion } from '../domain/ground-truth/versions-key.ts';
import type { Instant } from '../domain/time.ts';

/** `from` (on an hour) is inclusive, `to` exclusive. */
export type MetricWindow = OfVersion & {
  readonly modelId: string;
  readonly from: Instant;
  readonly to: Instant;
  /** k(model): who names it may be answered from what was read before, as long as nothing has changed since. */
  readonly buckets?: number;
  /** What one join found, for comparing them. @default batch where it has joined the day, else speed */
  readonly layer?: Layer | undefined;
};

export type HourQuery = Pick<MetricWindow, 'modelId' | 'version'> & {
  /** k(model) */
  readonly buckets: number;
  readonly hours: readonly string[];
};

/** What other capabilities read of ground truth: aggregates by `predictedAt`, merged over buckets. */
export interface GroundTruthMetrics {
  profile(window: MetricWindow): Promise<Profile>;
  /** Of those of the `hours` (`2001-01-22T06`) that have predictions; any hours, in one request where that can be. */
  profilesOfHours(query: HourQuery): Promise<ReadonlyMap<string, Profile>>;
  /**
   * By stretches of 24 hours counted back from the window's end, oldest first; the oldest may be shorter. One without a
   * prediction is there and empty.
   */
  profileBlocks(window: MetricWindow): Promise<readonly ProfileBlock[]>;
  /** One entry per hour that has predictions, ascending. `performance` covers attributed predictions only. */
  hourlyPerformance(window: MetricWindow): Promise<readonly HourlyPerformance[]>;
  fiveMinutePerformance(window: MetricWindow): Promise<readonly FiveMinutePerformance[]>;
  /** One entry per UTC day that has predictions, ascending; of a day at the edge the hours that lie in the window. */
  dailyPerformance(window: MetricWindow): Promise<readonly DailyPerformance[]>;
  /**
   * `older` and `newer` are version numbers; one entry per hour in which both scored, ascending. With `units` the arms are
   * those of a rollout's units by the hour of their assignment, and hours with units only are there, too.
   */
  hourlyPaired(window: {
    readonly modelId: string;
    readonly older: number;
    readonly newer: number;
    readonly units?: { readonly rolloutId: string; readonly metric: string };
    readonly from: Instant;
    readonly to: Instant;
  }): Promise<readonly HourlyPaired[]>;
}
