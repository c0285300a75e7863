import type { Baseline } from '../health/baseline.ts';
import type { FeatureCounts, Profile, SparseCounts } from './aggregates.ts';
import {
  type BinnedBaseline,
  type ColumnRows,
  createProfileAccumulator,
  type ProfiledRow,
} from './profile-accumulator.ts';
import { sumCounts } from './sparse-counts.ts';

export const emptyProfile: Profile = { n: 0, features: {}, scores: {} };

/** The profile with further predictions counted on the baseline's bins. Counts are whole numbers, so order is nothing. */
export function addToProfile(
  profile: Profile,
  baseline: BinnedBaseline & Partial<Pick<Baseline, 'taskType'>>,
  rows: readonly ProfiledRow[],
): Profile {
  const counted = createProfileAccumulator(baseline, { scoreHistogram: baseline.taskType === 'binary' });
  for (const row of rows) counted.add(row);
  return counted.addedTo(profile);
}

/** The same of rows in columns. */
export function addColumnsToProfile(
  profile: Profile,
  baseline: BinnedBaseline & Partial<Pick<Baseline, 'taskType'>>,
  rows: readonly ColumnRows[],
): Profile {
  const counted = createProfileAccumulator(baseline, { scoreHistogram: baseline.taskType === 'binary' });
  for (const some of rows) counted.addColumns(some);
  return counted.addedTo(profile);
}

export function mergeProfiles(left: Profile, right: Profile): Profile {
  return mergeAllProfiles([left, right]);
}

export function mergeAllProfiles(parts: readonly Profile[]): Profile {
  const names = new Set(parts.flatMap((part) => Object.keys(part.features)));
  const segments = mergeSegments(parts.flatMap(({ segments: held }) => (held === undefined ? [] : [held])));
  const features = [...names].map((name) => [name, mergeFeature(parts.flatMap((part) => heldIn(part.features, name)))]);
  const histograms = parts.flatMap(({ scoreHistogram }) => (scoreHistogram === undefined ? [] : [scoreHistogram]));
  return {
    n: parts.reduce((sum, part) => sum + part.n, 0),
    features: Object.fromEntries(features),
    scores: sumCounts(parts.map((part) => part.scores)),
    ...(histograms.length > 0 && { scoreHistogram: sumCounts(histograms) }),
    ...(segments && { segments }),
  };
}

/** A feature may have any name, those of every object's properties too. */
function heldIn<T>(all: Readonly<Record<string, T>>, name: string): readonly T[] {
  return Object.hasOwn(all, name) ? [all[name]!] : [];
}

/** That share of every count, rounded to a whole one; (0, 1]. Without histogram and segments. */
export function shareOfProfile(profile: Profile, ratio: number): Profile {
  if (ratio === 1) return { n: profile.n, features: profile.features, scores: profile.scores };
  const part = (count: number) => Math.round(count * ratio);
  const parts = (counts: SparseCounts) =>
    Object.fromEntries(Object.entries(counts).map(([bin, count]) => [bin, part(count)]));
  return {
    n: part(profile.n),
    features: Object.fromEntries(
      Object.entries(profile.features).map(([name, { bins, missing, unseen }]) => [
        name,
        { bins: parts(bins), missing: part(missing), unseen: part(unseen) },
      ]),
    ),
    scores: parts(profile.scores),
  };
}

function mergeFeature(parts: readonly FeatureCounts[]): FeatureCounts {
  return {
    bins: sumCounts(parts.map((part) => part.bins)),
    missing: parts.reduce((sum, part) => sum + part.missing, 0),
    unseen: parts.reduce((sum, part) => sum + part.unseen, 0),
  };
}

function mergeSegments(parts: readonly Readonly<Record<string, Profile>>[]): Profile['segments'] {
  if (parts.length === 0) return undefined;
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries(
    [...names].map((name) => [name, mergeAllProfiles(parts.flatMap((part) => heldIn(part, name)))]),
  );
}
