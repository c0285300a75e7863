import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../../shared/domain/ground-truth/aggregates.ts';
import {
  createProfileLayout,
  packHours,
  profileOfHour,
  profileOfPacked,
  profileOfShares,
} from '../../../shared/domain/ground-truth/packed-hours.ts';
import { mergeAllProfiles, shareOfProfile } from '../../../shared/domain/ground-truth/profile.ts';

const counts = fc.dictionary(fc.constantFrom('0', '1', '7', 'other', '__proto__'), fc.nat(70_000));
const feature = fc.record({ bins: counts, missing: fc.nat(9), unseen: fc.nat(9) });
const profile: fc.Arbitrary<Profile> = fc.record(
  {
    n: fc.nat(1_000),
    features: fc.dictionary(fc.constantFrom('age', 'fare', '__proto__'), feature),
    scores: counts,
    scoreHistogram: counts,
  },
  { requiredKeys: ['n', 'features', 'scores'] },
);
const ofHours = (profiles: readonly Profile[]) =>
  profiles.map((each, i) => ({ hour: `2026-01-05T${String(i).padStart(2, '0')}`, profile: each }));

describe('packed hours', () => {
  it('come to what merging their profiles comes to', () => {
    fc.assert(
      fc.property(fc.array(profile, { minLength: 1, maxLength: 5 }), (profiles) => {
        const packed = packHours(createProfileLayout(), ofHours(profiles));
        expect(profileOfPacked([{ packed, isWanted: () => true }])).toEqual(mergeAllProfiles(profiles));
      }),
    );
  });

  it('have shares that come to what merging the shares of their profiles comes to, packed together, apart or not', () => {
    const place = fc.constantFrom('together', 'apart', 'plain');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(profile, fc.double({ min: 0.01, max: 1, noNaN: true }), place), {
          minLength: 1,
          maxLength: 5,
        }),
        (given) => {
          const hours = ofHours(given.map(([each]) => each));
          const shared = packHours(createProfileLayout(), hours);
          const shares = given.map(([each, ratio, where], i) => {
            const packed = where === 'together' ? shared : packHours(createProfileLayout(), [hours[i]!]);
            return { ratio, profile: where === 'plain' ? each : profileOfHour(packed, hours[i]!.hour)! };
          });
          expect(profileOfShares(shares)).toEqual(
            mergeAllProfiles(given.map(([each, ratio]) => shareOfProfile(each, ratio))),
          );
        },
      ),
    );
  });

  it('have no share of an hour that is not there', () => {
    expect(profileOfShares([])).toEqual({ n: 0, features: {}, scores: {} });
  });
});
