import { type AggregateKind, decodeAggregate } from '../domain/ground-truth/aggregate-codec.ts';
import { mergeFiveMinutes, mergeHours, mergePairedHours } from '../domain/ground-truth/merge-window.ts';
import { emptyProfile, mergeProfiles } from '../domain/ground-truth/profile.ts';
import type { Instant } from '../domain/time.ts';
import type { GroundTruthMetrics } from '../ports/ground-truth-metrics.ts';

export type AggregateQuery = {
  readonly modelId: string;
  readonly kind: AggregateKind;
  /** The version, or `older#newer`. */
  readonly versions: string;
  /** Hours that overlap [from, to). */
  readonly from: Instant;
  readonly to: Instant;
};

/** Every bucket's aggregates, ascending by hour. */
export type ReadAggregates = (
  query: AggregateQuery,
) => Promise<readonly { readonly hour: string; readonly data: Uint8Array }[]>;

/** The port over any store of encoded aggregates: decoding and merging are the same everywhere. */
export function groundTruthMetricsOver(read: ReadAggregates): GroundTruthMetrics {
  const readAll = async <K extends AggregateKind>(kind: K, query: Omit<AggregateQuery, 'kind'>) =>
    (await read({ ...query, kind })).map(({ hour, data }) => ({ hour, value: decodeAggregate(kind, data) }));
  return {
    profile: async ({ version, ...window }) =>
      (await readAll('profile', { ...window, versions: String(version) }))
        .map(({ value }) => value)
        .reduce(mergeProfiles, emptyProfile),
    hourlyPerformance: async ({ version, ...window }) =>
      mergeHours(await readAll('performance', { ...window, versions: String(version) })),
    fiveMinutePerformance: async ({ version, ...window }) =>
      mergeFiveMinutes(await readAll('performance', { ...window, versions: String(version) }), window),
    hourlyPaired: async ({ older, newer, ...window }) =>
      mergePairedHours(await readAll('paired', { ...window, versions: `${older}#${newer}` })),
  };
}
