import { describe, expect, it } from 'vitest';
import { type Followed, summaryLines } from '../../../examples/flights/demo/cascades.ts';

const promotedAt = '2001-02-05T00:00:00.000Z';
const requestedAt = '2001-02-05T04:00:00.000Z';
const planned = { modelId: 'late-live', team: 'flights', tier: 3, wave: 1, cost: null } as const;

/** What the demo saw of one cascade with one member. */
function followed(member: Partial<Followed['cascade']['members'][number]> = {}): Followed {
  return {
    before: { retrains: [planned], excluded: [] },
    cascade: {
      cascadeId: 'late-basic-v2',
      modelId: 'late-basic',
      version: 2,
      promotedAt,
      status: 'ended',
      members: [{ ...planned, after: [], status: 'promoted', requestedAt, ...member }],
    },
  };
}

describe('the demo’s summary of cascades', () => {
  it('says that what happened is what was planned', () => {
    expect(summaryLines([followed()], ['late-basic-v2 late-live'])).toEqual([
      'cascades: 1 followed promotions, 1 retrains planned, 1 happened: as the plans said beforehand',
    ]);
  });

  it.each<[string, Followed, readonly string[]]>([
    ['instead of', { ...followed(), before: { retrains: [], excluded: [] } }, ['late-basic-v2 late-live']],
    ['2 times', followed(), ['late-basic-v2 late-live', 'late-basic-v2 late-live']],
    ['0 times', followed({ status: 'skipped' }), []],
    ['before what it depends on', followed({ requestedAt: '2001-02-04T00:00:00.000Z' }), ['late-basic-v2 late-live']],
  ])('says %s where it is not', (words, cascade, retrains) => {
    expect(summaryLines([cascade], retrains)[0]).toContain(words);
  });

  it('counts nothing that the replay ended before', () => {
    expect(summaryLines([followed({ status: 'waiting' })], [])).toEqual([
      'cascades: 1 followed promotions, 0 retrains planned, 0 happened: as the plans said beforehand',
    ]);
  });
});
