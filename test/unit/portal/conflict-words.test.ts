import { describe, expect, test } from 'vitest';
import { conflictText, conflictTitle } from '../../../portal/src/pages/entity/conflict-words.ts';
import type { Schemas } from '../../../sdk/client.ts';

type Conflict = Schemas['EdgeConflict'];
const since = '2001-01-02T00:00:00.000Z';
const ada: Conflict['parties'][number] = {
  claimant: 'ada@example.com',
  provenance: 'override',
  says: 'does-not-hold',
  teams: ['flights'],
  since,
};
const conflict: Conflict = {
  kind: 'claimed-though-suppressed',
  wins: 'does-not-hold',
  why: 'an override stands over what anybody claims',
  since,
  isBetweenTeams: true,
  parties: [ada, { claimant: 'dbt', provenance: 'discovered', says: 'holds', teams: ['trains'], since }],
};

describe('a contested edge', () => {
  test('says who says what, what counts and why', () => {
    expect(conflictTitle(conflict)).toBe('Contested between teams');
    expect(conflictTitle({ ...conflict, isBetweenTeams: false })).toBe('Contradiction');
    expect(conflictText(conflict)).toBe(
      'ada@example.com (flights) says that it does not hold, dbt says that it holds; ' +
        'it does not: an override stands over what anybody claims',
    );
  });

  test('says who was replaced, and what counts when it holds', () => {
    const bob = { ...ada, claimant: 'bob@example.com', teams: ['trains'], says: 'holds' as const };
    const parties = [bob, { ...ada, until: since }];
    expect(conflictText({ ...conflict, kind: 'opposite-overrides', wins: 'holds', why: 'it is later', parties })).toBe(
      'bob@example.com (trains) says that it holds, ada@example.com (flights) said that it does not hold; ' +
        'it does: it is later',
    );
  });

  test('is unconfirmed when one person alone says that it holds', () => {
    const alone: Conflict = {
      ...conflict,
      kind: 'unconfirmed-addition',
      wins: 'holds',
      isBetweenTeams: false,
      parties: [{ ...ada, says: 'holds', teams: [] }],
    };
    expect(conflictTitle(alone)).toBe('Unconfirmed');
    expect(conflictText(alone)).toMatch(/^ada@example.com says that it holds, and nobody else; /);
  });
});
