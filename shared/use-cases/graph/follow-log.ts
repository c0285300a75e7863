import { type Contribution, type EdgeClaim, edgeId } from '../../domain/graph/contribution.ts';
import { overrideProvider } from '../../domain/graph/enrichment/override.ts';
import { contributionId, partsOfContributionId } from '../../domain/graph/provider-contribution.ts';
import type { ChangeCursor } from '../../ports/change-cursor.ts';
import type { GraphDatabase } from '../../ports/graph-database.ts';
import type { GraphStore, StoredContribution } from '../../ports/graph-store.ts';

type Said = Pick<StoredContribution, 'streamId' | 'change' | 'contribution'>;
type Ports = { readonly graph: GraphStore; readonly database: GraphDatabase };

/** After so many entries of the log it is noted how far they were followed. */
const changesAtOnce = 20;
const readAtOnce = 1_000;

/**
 * Brings the database up to the change log's end with what providers say; the registry's own streams are projected with
 * their events. It may be done twice at once and may end anywhere: a change that is applied again, or late, does nothing.
 */
export async function followLog({ cursor, ...ports }: Ports & { readonly cursor: ChangeCursor }): Promise<number> {
  const after = await cursor.get();
  const changes = await ports.graph.changesAfter(after);
  if (changes === undefined) {
    const { change, contributions } = await ports.graph.all();
    await applySaid(ports, contributions);
    await cursor.put(change);
    return change - after;
  }
  for (let from = 0; from < changes.length; from += changesAtOnce) {
    const some = changes.slice(from, from + changesAtOnce);
    const said = new Map<string, Said>();
    for (const { change, contributions } of some)
      for (const each of contributions) said.set(each.streamId, { ...each, change });
    await applySaid(ports, [...said.values()]);
    await cursor.put(some.at(-1)?.change ?? after);
  }
  return changes.length;
}

/** What of it providers say goes into the database; versions there are numbers of changes. */
export async function applySaid({ graph, database }: Ports, contributions: readonly Said[]): Promise<void> {
  const said = contributions.filter(({ streamId }) => partsOfContributionId(streamId) !== undefined);
  const all = await withContested(graph, said);
  for (let from = 0; from < all.length; from += readAtOnce) {
    const some = all.slice(from, from + readAtOnce);
    const suppressed = await suppressedIn(graph, some);
    await database.applyMany(
      some.map(({ streamId, change, contribution }) => ({
        streamId,
        version: change,
        contribution: withoutEdges(contribution, suppressed),
      })),
    );
  }
}

/** With all that is said of what an override is about: an edge of it may have come or gone. */
async function withContested(graph: GraphStore, said: readonly Said[]): Promise<readonly Said[]> {
  const all = new Map(said.map((each) => [each.streamId, each]));
  for (const { streamId } of said) {
    const { provider, subject = '' } = partsOfContributionId(streamId) ?? {};
    if (provider !== overrideProvider) continue;
    for (const each of await graph.about(subject)) all.set(each.streamId, each);
  }
  return [...all.values()];
}

async function suppressedIn(graph: GraphStore, said: readonly Said[]): Promise<ReadonlyMap<string, EdgeClaim>> {
  const subjects = said.flatMap(({ contribution }) => contribution.claims.map(({ from }) => from));
  const overrides = await graph.getMany([...new Set(subjects)].map((uri) => contributionId(overrideProvider, uri)));
  const claims = overrides.flatMap(({ contribution }) => contribution.claims);
  const held = claims.filter(({ suppresses, validTo }) => suppresses !== undefined && validTo === undefined);
  return new Map(held.map((claim) => [edgeId(claim), claim]));
}

/** In the database a suppressed edge is one that has ended, so that queries need to know of one thing only. */
function withoutEdges(contribution: Contribution, suppressed: ReadonlyMap<string, EdgeClaim>): Contribution {
  if (suppressed.size === 0) return contribution;
  const claims = contribution.claims.map((claim) => {
    const against = suppressed.get(edgeId(claim));
    return against === undefined || claim.suppresses !== undefined || claim.validTo !== undefined
      ? claim
      : { ...claim, validTo: against.validFrom };
  });
  return { ...contribution, claims };
}
