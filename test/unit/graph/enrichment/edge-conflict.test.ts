import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EdgeClaim } from '../../../../shared/domain/graph/contribution.ts';
import { edgeConflict } from '../../../../shared/domain/graph/enrichment/edge-conflict.ts';
import { day } from './world.ts';

const edge = { from: 'aip://dataset/dbt/orders', type: 'derivedFrom' as const, to: 'aip://dataset/dbt/raw' };
type Change = Partial<EdgeClaim>;
const claim = (change: Change = {}): EdgeClaim => ({
  ...edge,
  provenance: 'discovered',
  claimant: 'dbt',
  validFrom: day(1),
  ...change,
});
const add = (claimant: string, team: string, validFrom: string, change: Change = {}) =>
  claim({ provenance: 'override', claimant, claimantTeams: [team], validFrom, ...change });
const suppress = (claimant: string, team: string, validFrom: string, change: Change = {}) =>
  add(claimant, team, validFrom, { suppresses: true, ...change });
const until = (validTo: string): Change => ({ validTo });
const conflict = (said: readonly EdgeClaim[], now = day(9)) => edgeConflict(said, ['flights'], now);

describe('an edge is contested', () => {
  test('by who claims what a person suppresses, between teams when the edge is another one’s', () => {
    const own = conflict([claim(), suppress('ada', 'flights', day(2))]);
    expect([own?.kind, own?.wins, own?.isBetweenTeams]).toEqual(['claimed-though-suppressed', 'does-not-hold', false]);
    const foreign = conflict([claim({ validFrom: day(4) }), suppress('bob', 'trains', day(2))]);
    expect([foreign?.isBetweenTeams, foreign?.since]).toEqual([true, day(4)]);
    expect(foreign?.parties.map(({ claimant, says, teams }) => [claimant, says, teams])).toEqual([
      ['bob', 'does-not-hold', ['trains']],
      ['dbt', 'holds', ['flights']],
    ]);
  });

  test('by an inference, which speaks for nobody', () => {
    const inferred = claim({ provenance: 'inferred', claimant: 'enrichment' });
    const found = conflict([inferred, suppress('bob', 'trains', day(2))]);
    expect([found?.kind, found?.isBetweenTeams]).toEqual(['claimed-though-suppressed', false]);
  });

  test('by whose override another team’s took the place of, and the later one wins', () => {
    const found = conflict([suppress('ada', 'flights', day(2), until(day(3))), add('bob', 'trains', day(3)), claim()]);
    expect([found?.kind, found?.wins, found?.isBetweenTeams, found?.since]).toEqual([
      'opposite-overrides',
      'holds',
      true,
      day(3),
    ]);
  });

  test('by one that another of the same effect came between', () => {
    const found = conflict([
      suppress('ada', 'flights', day(2), until(day(3))),
      add('bob', 'trains', day(3), until(day(4))),
      add('eve', 'ships', day(4)),
    ]);
    expect(found?.parties.map(({ claimant }) => claimant)).toEqual(['eve', 'ada']);
  });

  test('by one that a slower clock’s took the place of', () => {
    const found = conflict([suppress('ada', 'flights', day(3), until(day(2))), add('bob', 'trains', day(2)), claim()]);
    expect([found?.wins, found?.parties.map(({ claimant }) => claimant)]).toEqual(['holds', ['bob', 'ada']]);
  });

  test('by nobody else than who has added it, once others have had 30 days to find it', () => {
    const alone = [add('ada', 'flights', '2001-01-01T00:00:00.000Z'), claim(until(day(2)))];
    expect(conflict(alone, '2001-01-30T23:59:59.999Z')).toBeUndefined();
    const found = conflict(alone, '2001-01-31T00:00:00.000Z');
    expect([found?.kind, found?.wins, found?.parties.length]).toEqual(['unconfirmed-addition', 'holds', 1]);
    expect(conflict([...alone, claim({ claimant: 'openlineage' })], '2001-03-01T00:00:00.000Z')).toBeUndefined();
  });
});

describe('an edge is not contested', () => {
  const before = suppress('ada', 'flights', day(2), until(day(3)));
  test.each<[string, readonly EdgeClaim[]]>([
    ['when nobody overrides it', [claim()]],
    ['when nobody claims what is suppressed', [claim(until(day(2))), suppress('ada', 'flights', day(3))]],
    ['when who added it is confirmed', [claim(), add('ada', 'flights', day(2))]],
    ['when the override was withdrawn', [claim(), before]],
    [
      'when the override has run out, though nobody has ended it',
      [claim(), suppress('ada', 'a', day(2), { expiresAt: day(9) })],
    ],
    ['when somebody changes her mind', [before, add('ada', 'ships', day(3)), claim()]],
    ['when somebody of the same team corrects it', [before, add('bob', 'flights', day(3)), claim()]],
    ['when the first was withdrawn before the second was set', [before, add('bob', 'trains', day(4)), claim()]],
    [
      'when the first would have ended by now',
      [{ ...before, expiresAt: day(8) }, add('bob', 'trains', day(3)), claim()],
    ],
    [
      'when the first team has agreed since',
      [
        before,
        add('bob', 'trains', day(3), until(day(4))),
        add('joe', 'flights', day(4), until(day(5))),
        add('bob', 'trains', day(5)),
        claim(),
      ],
    ],
  ])('%s', (_when, said) => {
    expect(conflict(said)).toBeUndefined();
  });
});

test('who wins is the same in whatever order it is said', () => {
  const said = [
    suppress('ada', 'flights', day(2), until(day(3))),
    add('bob', 'trains', day(3), until(day(3))),
    suppress('eve', 'ships', day(3), until(day(5))),
    add('joe', 'roads', day(5)),
    claim(),
    claim({ claimant: 'openlineage', validFrom: day(4) }),
  ];
  const expected = conflict(said);
  expect(expected?.parties.map(({ claimant }) => claimant)).toEqual(['joe', 'ada', 'eve']);
  fc.assert(
    fc.property(fc.shuffledSubarray(said, { minLength: said.length }), (shuffled) => {
      expect(conflict(shuffled)).toEqual(expected);
    }),
  );
});
