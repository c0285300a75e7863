import type { Baseline } from '../health/baseline.ts';
import { binIndex, type FeatureValue } from '../health/bins.ts';
import type { FeatureCounts, Profile } from './aggregates.ts';
import { sumCounts } from './sparse-counts.ts';

export const emptyProfile: Profile = { n: 0, features: {}, scores: {} };

/** One prediction as it is counted. */
export type ProfiledRow = { readonly features: Readonly<Record<string, FeatureValue>>; readonly score: number };

type MutableCounts = { bins: Record<string, number>; missing: number; unseen: number };

/** The profile with further predictions counted on the baseline's bins. Counts are whole numbers, so order is nothing. */
export function addToProfile(profile: Profile, baseline: Baseline, rows: readonly ProfiledRow[]): Profile {
  const features: Record<string, MutableCounts> = {};
  for (const [name, bins] of Object.entries(baseline.features)) {
    const held = profile.features[name];
    const counts = { bins: { ...held?.bins }, missing: held?.missing ?? 0, unseen: held?.unseen ?? 0 };
    for (const row of rows) count(counts, binIndex(bins, row.features[name]));
    features[name] = counts;
  }
  const scores: MutableCounts = { bins: { ...profile.scores }, missing: 0, unseen: 0 };
  for (const row of rows) count(scores, binIndex(baseline.scores, row.score));
  return { n: profile.n + rows.length, features, scores: scores.bins };
}

function count(counts: MutableCounts, index: number | 'missing' | 'unseen'): void {
  if (index === 'missing') counts.missing += 1;
  else if (index === 'unseen') counts.unseen += 1;
  else counts.bins[index] = (counts.bins[index] ?? 0) + 1;
}

export function mergeProfiles(left: Profile, right: Profile): Profile {
  return mergeAllProfiles([left, right]);
}

export function mergeAllProfiles(parts: readonly Profile[]): Profile {
  const names = new Set(parts.flatMap((part) => Object.keys(part.features)));
  const features = [...names].map((name) => [name, mergeFeature(parts.flatMap((part) => part.features[name] ?? []))]);
  return {
    n: parts.reduce((sum, part) => sum + part.n, 0),
    features: Object.fromEntries(features),
    scores: sumCounts(parts.map((part) => part.scores)),
  };
}

function mergeFeature(parts: readonly FeatureCounts[]): FeatureCounts {
  return {
    bins: sumCounts(parts.map((part) => part.bins)),
    missing: parts.reduce((sum, part) => sum + part.missing, 0),
    unseen: parts.reduce((sum, part) => sum + part.unseen, 0),
  };
}
