import fc from 'fast-check';
import type { EdgeType } from '../../../../shared/domain/graph/edge-types.ts';
import { type EdgeHop, isEdgeHop } from '../../../../shared/domain/graph/enrichment/rule.ts';
import { rules } from '../../../../shared/domain/graph/enrichment/rules.ts';
import type { Attributes } from '../../../../shared/domain/graph/entities.ts';
import { entityTypes } from '../../../../shared/domain/graph/entity-types.ts';
import type { Statement } from '../../../../shared/domain/graph/provider-contribution.ts';

/** Two entities of each type that a rule speaks of. */
const types = entityTypes.filter((type) =>
  rules.some(({ from, hops }) => from.types?.includes(type) || hops.some((hop) => hop.types.includes(type))),
);
export const uris = types.flatMap((type) => [`aip://${type}/dbt/1`, `aip://${type}/dbt/2`]);
const ofType = (some: readonly string[] | undefined) =>
  uris.filter((uri) => some === undefined || some.some((type) => uri.startsWith(`aip://${type}/`)));

type Drawn = { readonly from: string; readonly type: EdgeType; readonly to: string };

/** Edges that some rule walks, each in the direction in which it is claimed. */
const edges: readonly Drawn[] = rules.flatMap(({ from, hops }) =>
  hops.flatMap((hop, index) => (isEdgeHop(hop) ? walked(hop, index === 0 ? from.types : hops[index - 1]?.types) : [])),
);

function walked({ along, way, types: next }: EdgeHop, previous: readonly string[] | undefined): readonly Drawn[] {
  const [froms, tos] = way === 'out' ? [ofType(previous), ofType(next)] : [ofType(next), ofType(previous)];
  return along.flatMap((type) => froms.flatMap((from) => tos.map((to) => ({ from, type, to }))));
}

const attributes: fc.Arbitrary<Attributes> = fc.record(
  { digest: fc.constantFrom('x', 'y'), trainingRun: fc.constantFrom(...ofType(['pipeline-run']), 'aip://nothing', '') },
  { requiredKeys: [] },
);
const tags = fc.subarray(ofType(['model']).map((uri) => `explains::${uri}`));
const descriptions = fc.record({ attributes, tags });

/** What a provider may say of the entities, each at most once. */
export const statements: fc.Arbitrary<readonly Statement[]> = fc
  .tuple(
    fc.subarray([...edges], { minLength: 30, maxLength: 70 }),
    fc.array(fc.option(descriptions, { nil: undefined, freq: 2 }), { minLength: uris.length, maxLength: uris.length }),
  )
  .map(([drawn, said]) =>
    uris.map((subject, index) => {
      const description = said[index];
      const own = drawn.filter(({ from }) => from === subject).map(({ type, to }) => ({ type, to }));
      return { subject, ...(description !== undefined && { description }), edges: unique(own) };
    }),
  );

function unique(all: readonly Omit<Drawn, 'from'>[]): readonly Omit<Drawn, 'from'>[] {
  return [...new Map(all.map((edge) => [`${edge.type} ${edge.to}`, edge])).values()];
}
