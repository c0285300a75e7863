import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAdjacency } from '../../../shared/domain/graph/adjacency.ts';
import { type EdgeClaim, holdsAt, isDependencyAt } from '../../../shared/domain/graph/contribution.ts';
import { contributionId, restate } from '../../../shared/domain/graph/provider-contribution.ts';
import { withoutSuppressed } from '../../../shared/domain/graph/suppress-edges.ts';
import { walk } from '../../../shared/domain/graph/walk.ts';

const [a, b, c] = ['aip://dataset/dbt/a', 'aip://dataset/dbt/b', 'aip://dataset/dbt/c'];
const at = (day: number) => `2001-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
const days = Array.from({ length: 20 }, (_, day) => at(day + 1));

const claims = fc.record({
  to: fc.constantFrom(b, c),
  from: fc.integer({ min: 1, max: 18 }),
  days: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
});
type Drawn = typeof claims extends fc.Arbitrary<infer T> ? T : never;
const claimOf = ({ to, from, days: length }: Drawn, suppresses: boolean): EdgeClaim => ({
  from: a,
  type: 'derivedFrom',
  to,
  provenance: suppresses ? 'override' : 'discovered',
  claimant: 'dbt',
  validFrom: at(from),
  ...(length !== undefined && { validTo: at(from + length) }),
  ...(suppresses && { suppresses: true }),
});

describe('a suppressed edge', () => {
  test('holds at exactly the moments at which it is claimed and nobody suppresses it', () => {
    fc.assert(
      fc.property(fc.array(claims), fc.array(claims), (claimed, suppressed) => {
        const edges = claimed.map((one) => claimOf(one, false));
        const against = suppressed.map((one) => claimOf(one, true));
        const left = [...withoutSuppressed(edges, against)];
        for (const moment of [...days, undefined])
          for (const to of [b, c]) {
            const isHeld = (some: readonly EdgeClaim[]) =>
              some.some((claim) => claim.to === to && holdsAt(claim, moment));
            expect(isHeld(left)).toBe(isHeld(edges) && !isHeld(against));
          }
      }),
      { numRuns: 200 },
    );
  });

  test('is walked neither way, is walked as of before, and is walked again once the override has ended', () => {
    const graph = createAdjacency();
    const said = { subject: a, edges: [{ type: 'derivedFrom' as const, to: b }] };
    const against = {
      subject: a,
      edges: [
        {
          type: 'derivedFrom' as const,
          to: b,
          provenance: 'override' as const,
          claimant: 'ada@example.com',
          suppresses: true as const,
        },
      ],
    };
    graph.replace(contributionId('dbt', a), restate(undefined, { provider: 'dbt', statement: said, at: at(1) }));
    const override = restate(undefined, { provider: 'override', statement: against, at: at(3) });
    graph.replace(contributionId('override', a), override);
    const reach = (asOf?: string) => [
      walk(graph, { root: a, direction: 'upstream', depth: 3, asOf }).reached.map(({ uri }) => uri),
      walk(graph, { root: b, direction: 'downstream', depth: 3, asOf }).reached.map(({ uri }) => uri),
    ];
    expect(reach()).toEqual([[], []]);
    expect(reach(at(2))).toEqual([[b], [a]]);
    const ended = restate(override, { provider: 'override', statement: { subject: a, edges: [] }, at: at(5) });
    graph.replace(contributionId('override', a), ended);
    expect(reach()).toEqual([[b], [a]]);
    expect(reach(at(4))).toEqual([[], []]);
  });

  test('stays suppressed when a provider says it again, or another one says it', () => {
    const suppression = claimOf({ to: b, from: 1, days: undefined }, true);
    for (const claimant of ['dbt', 'openlineage'])
      expect(
        [
          ...withoutSuppressed([{ ...claimOf({ to: b, from: 5, days: undefined }, false), claimant }], [suppression]),
        ].some((claim) => isDependencyAt(claim, undefined)),
      ).toBe(false);
  });
});

describe('an override that replaces another', () => {
  const said = (claimant: string, suppresses: boolean) => ({
    subject: a,
    edges: [
      {
        type: 'derivedFrom' as const,
        to: b,
        provenance: 'override' as const,
        claimant,
        ...(suppresses && { suppresses: true as const }),
      },
    ],
  });

  test('is a claim of its own, so that who said what until when stays readable', () => {
    const first = restate(undefined, { provider: 'override', statement: said('ada', true), at: at(1) });
    const second = restate(first, { provider: 'override', statement: said('bob', false), at: at(2) });
    expect(
      second.claims.map(({ claimant, suppresses, validFrom, validTo }) => [claimant, suppresses, validFrom, validTo]),
    ).toEqual([
      ['ada', true, at(1), at(2)],
      ['bob', undefined, at(2), undefined],
    ]);
  });
});
