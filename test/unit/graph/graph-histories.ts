import fc from 'fast-check';
import type { Contribution, EdgeClaim } from '../../../shared/domain/graph/contribution.ts';
import type { EdgeType } from '../../../shared/domain/graph/edge-types.ts';
import { entityOf } from '../../../shared/domain/graph/entities.ts';
import { modelNamed } from './arcs.ts';

export const moments = [1, 2, 3, 4, 5].map((day) => `2001-02-0${day}T00:00:00.000Z`);
const streams = ['model#m0', 'model#m1', `${modelNamed(0)} dbt`, `${modelNamed(1)} dbt`, `${modelNamed(1)} metaflow`];

const entity = fc.record({
  number: fc.nat(11),
  name: fc.constantFrom('ψ name', 'b'),
  hasAttributes: fc.boolean(),
});

function claim(types: readonly EdgeType[]): fc.Arbitrary<EdgeClaim> {
  return fc
    .record({
      from: fc.nat(11),
      to: fc.nat(11),
      type: fc.constantFrom(...types),
      evidence: fc.constantFrom(undefined, 'a log'),
      confidence: fc.constantFrom(undefined, 0.5),
      begin: fc.nat(3),
      end: fc.constantFrom(undefined, 2, 3, 4),
      suppresses: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
    })
    .map(({ from, to, type, evidence, confidence, begin, end, suppresses }) => ({
      from: modelNamed(from),
      to: modelNamed(to),
      type,
      provenance: 'declared',
      claimant: 'dbt',
      ...(evidence !== undefined && { evidence }),
      ...(confidence !== undefined && { confidence }),
      ...(suppresses && { suppresses: true as const }),
      validFrom: moments[begin]!,
      ...(end !== undefined && end >= begin && { validTo: moments[end]! }),
    }));
}

function contribution(types: readonly EdgeType[]): fc.Arbitrary<Contribution> {
  const entities = fc.uniqueArray(entity, { maxLength: 3, selector: ({ number }) => number }).map((list) =>
    list.map(({ number, name, hasAttributes }) => ({
      ...entityOf(modelNamed(number)),
      ...(hasAttributes && { name, attributes: { tier: number } }),
    })),
  );
  const claims = fc.uniqueArray(claim(types), {
    maxLength: 12,
    selector: ({ from, to, type, validFrom }) => `${from} ${to} ${type} ${validFrom}`,
  });
  return fc.record({ entities, claims });
}

/** What a stream says next, or that everything so far is compacted. */
export type Happening = 'compact' | readonly [streamId: string, Contribution];

export function graphHistories(types: readonly EdgeType[]): fc.Arbitrary<readonly Happening[]> {
  const said = fc.tuple(fc.constantFrom(...streams), contribution(types));
  return fc.array(fc.oneof({ weight: 4, arbitrary: said }, { weight: 1, arbitrary: fc.constant('compact' as const) }), {
    minLength: 1,
    maxLength: 10,
  });
}
