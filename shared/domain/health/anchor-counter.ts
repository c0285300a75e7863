import type { FeatureCounts, Profile } from '../ground-truth/aggregates.ts';
import { emptyProfile } from '../ground-truth/profile.ts';
import { createProfileAccumulator, type ProfiledRow } from '../ground-truth/profile-accumulator.ts';
import type { AnchorComparison, AnchorCounts, Baseline, Bins } from './baseline.ts';
import { denseCounts } from './feature-drift.ts';

/** Counts the reference rows of a version on the bins of its model's anchor, so that the two can be compared. */
export type AnchorCounter = {
  add(row: ProfiledRow): void;
  comparison(): AnchorComparison;
};

/** Of the features that both have and bin alike; `own` are the bins of the version. */
export function createAnchorCounter(
  anchor: Pick<Baseline, 'version' | 'features' | 'scores' | 'profile'>,
  own: Baseline['features'],
): AnchorCounter {
  const shared = Object.entries(anchor.features).filter(([name, { kind }]) => own[name]?.kind === kind);
  const rows = createProfileAccumulator({ features: Object.fromEntries(shared), scores: anchor.scores });
  return {
    add: (row) => rows.add(row),
    comparison: () => {
      const profile = rows.addedTo(emptyProfile);
      const compared = shared.map(([name, bins]) => {
        const sides = { anchor: countsOf(bins, anchor.profile, name), own: countsOf(bins, profile, name) };
        return [name, { kind: bins.kind, ...sides }] as const;
      });
      return { version: anchor.version, features: Object.fromEntries(compared) };
    },
  };
}

const nothing: FeatureCounts = { bins: {}, missing: 0, unseen: 0 };

function countsOf(bins: Bins, { features }: Profile, name: string): AnchorCounts {
  const { bins: counts, missing, unseen } = features[name] ?? nothing;
  return { bins: denseCounts(bins, counts), missing, unseen };
}
