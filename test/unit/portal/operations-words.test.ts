import { describe, expect, test } from 'vitest';
import type { Cascade, CascadeMember } from '../../../portal/src/api/types.ts';
import { hasRole, isEditor, teamsOf } from '../../../portal/src/auth/roles.ts';
import {
  cascadeState,
  costText,
  excludedText,
  memberReason,
  progressText,
} from '../../../portal/src/pages/cascades/cascade-words.ts';
import { anomalyWords, qualityKind, qualityRows } from '../../../portal/src/pages/entity/quality-words.ts';
import { attemptText, incidentCauseWords, incidentState } from '../../../portal/src/pages/incidents/incident-words.ts';
import { offersOf } from '../../../portal/src/pages/queue/queue-offers.ts';
import { incidentCauses } from '../../../shared/domain/notifications/incident.ts';

const member = (change: Partial<CascadeMember>): CascadeMember => ({
  modelId: 'late-live',
  team: 'flights',
  tier: 2,
  wave: 1,
  cost: null,
  after: [],
  status: 'waiting',
  ...change,
});
const cascade = (change: Partial<Cascade>): Cascade => ({
  cascadeId: 'late-basic-v2',
  modelId: 'late-basic',
  team: 'flights',
  tier: 1,
  version: 2,
  rolloutId: 'late-basic-o1',
  promotedAt: '2001-05-03T00:00:00.000Z',
  status: 'running',
  members: [],
  ...change,
});

describe('roles', () => {
  test('an admin holds every role, others theirs in their team', () => {
    expect(hasRole(['admin'], 'flights', 'approver')).toBe(true);
    expect(hasRole(['editor:flights'], 'flights', 'editor', 'approver')).toBe(true);
    expect(hasRole(['editor:flights'], 'flights', 'approver')).toBe(false);
    expect(hasRole(['editor:crew'], 'flights', 'editor')).toBe(false);
    expect([['viewer'], ['approver:crew'], ['editor:crew'], ['admin']].map(isEditor)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('teams are those of roles, by name, each once', () => {
    expect(teamsOf(['viewer', 'editor:gates', 'approver:crew', 'approver:gates'])).toEqual(['crew', 'gates']);
  });
});

describe('the queue offers', () => {
  const retrain = { status: 'queued', team: 'flights' } as const;
  const hold = { by: 'ada', reason: 'a storm', since: '2001-05-03T00:00:00.000Z' };

  test('holding what is not held, releasing what is, and going ahead to approvers only', () => {
    expect(offersOf(retrain, ['editor:flights'])).toEqual(['hold', 'cancellation']);
    expect(offersOf({ ...retrain, hold }, ['approver:flights'])).toEqual(['release', 'bump', 'cancellation']);
    expect(offersOf(retrain, ['viewer', 'editor:crew'])).toEqual([]);
  });

  test('of what runs only its end, of what has ended nothing', () => {
    expect(offersOf({ ...retrain, status: 'running' }, ['admin'])).toEqual(['cancellation']);
    expect(offersOf({ ...retrain, status: 'failed' }, ['admin'])).toEqual([]);
  });
});

describe('a cascade', () => {
  test('says who stopped it before it says that it ended', () => {
    const stop = { kind: 'vetoed', by: 'ada', at: '2001-05-03T00:00:00.000Z', reason: 'not now' } as const;
    expect(cascadeState(cascade({ status: 'ended', stop })).word).toBe('vetoed');
    expect(cascadeState(cascade({ stop })).word).toBe('vetoed, ending');
    expect(cascadeState(cascade({ status: 'ended' })).word).toBe('ended, nothing to retrain');
    expect(cascadeState(cascade({ status: 'ended', members: [member({})] }))).toEqual({
      kind: 'healthy',
      word: 'ended',
    });
  });

  test('counts its members by what became of them', () => {
    const members = (['promoted', 'requested', 'waiting', 'waiting', 'skipped'] as const).map((status) =>
      member({ status }),
    );
    expect(progressText(members)).toBe('1 of 5 promoted, 1 retraining, 2 wait, 1 skipped');
    expect(progressText([])).toBe('none');
  });

  test('a member waits for what retrains before it, then for what holds it, then for its time', () => {
    const members = [
      member({ modelId: 'a', status: 'requested' }),
      member({ modelId: 'b', status: 'promoted' }),
      ...['c', 'd', 'e'].map((modelId) => member({ modelId })),
    ];
    const hold = 'a freeze until June';
    expect(memberReason(member({ after: [0, 1], hold }), members)).toBe('after a');
    expect(memberReason(member({ after: [0, 2, 3, 4] }), members)).toBe('after a, c, d and 1 more');
    expect(memberReason(member({ after: [1], hold }), members)).toBe(hold);
    expect(memberReason(member({ startsAt: '2001-05-03T04:00:00.000Z' }), members)).toBe(
      'its turn comes 3 May 2001, 04:00 UTC',
    );
    expect(memberReason(member({ status: 'skipped', reason: 'its own cooldown' }), members)).toBe('its own cooldown');
    expect(memberReason(member({ status: 'requested', retrainId: 'x-r1', joins: 'x-r1' }), members)).toBe(
      'joined x-r1, which was open',
    );
  });

  test('a cost that is not known is never shown as none', () => {
    expect(costText({ known: 12.5, unknown: 0 })).toBe('12.5 USD');
    expect(costText({ known: 0, unknown: 2 })).toBe('2 retrains of unknown cost');
    expect(costText({ known: 40, unknown: 1 })).toBe('40 USD and 1 retrain of unknown cost');
  });

  test('what is left out says why in words', () => {
    expect(excludedText({ modelId: 'x', reason: 'retired', detail: '' })).toBe('it is retired');
    expect(excludedText({ modelId: 'x', reason: 'cooldown', detail: 'until noon' })).toMatch(/moment ago: until noon/);
  });
});

describe('quality', () => {
  test('has a row for each part that applies, in one order, with words for all, none and some', () => {
    const rows = qualityRows({ schema: 0.4, description: 1, owner: 0, lineage: 0.5 });
    expect(rows.map(({ title }) => title)).toEqual(['Description', 'Owner', 'Lineage', 'Attributes']);
    expect(rows.map(({ text }) => text)).toEqual([
      'there is one',
      'nobody who is still there owns it',
      'some of the relations that its type is expected to have',
      'some attributes of its type are filled',
    ]);
    expect(qualityRows({})).toEqual([]);
  });

  test('grows better with the share', () => {
    expect([0, 0.49, 0.5, 0.79, 0.8, 1].map(qualityKind)).toEqual([
      'breach',
      'breach',
      'warning',
      'warning',
      'healthy',
      'healthy',
    ]);
    expect(Object.keys(anomalyWords)).toHaveLength(9);
  });
});

describe('an incident', () => {
  test('has words for every cause', () => {
    expect(Object.keys(incidentCauseWords).toSorted()).toEqual([...incidentCauses].toSorted());
  });

  test('looks graver when it wakes somebody, until somebody has it or it is over', () => {
    const kinds = (['open', 'acknowledged', 'recovered'] as const).map((status) =>
      (['page', 'inform'] as const).map((severity) => incidentState({ status, severity }).kind),
    );
    expect(kinds).toEqual([
      ['breach', 'warning'],
      ['progress', 'progress'],
      ['healthy', 'healthy'],
    ]);
  });

  test('an attempt says the status, else what went wrong before there was one', () => {
    const at = '2001-05-03T00:00:00.000Z';
    expect(attemptText({ at, outcome: 'failed', status: 503 })).toBe('status 503');
    expect(attemptText({ at, outcome: 'failed', error: 'no such host' })).toBe('no such host');
    expect(attemptText({ at, outcome: 'delivered' })).toBe('delivered');
  });
});
