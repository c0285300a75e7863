import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import { type KnownListing, knownListing } from '../../../domain/graph/ingestion/listed-page.ts';
import { held, isImplausible, type Reconcile, reconciled } from '../../../domain/graph/ingestion/reconcile.ts';
import { isRetired, partsOfContributionId, type Statement } from '../../../domain/graph/provider-contribution.ts';
import type { StoredContribution } from '../../../ports/graph-store.ts';
import type { Provider } from '../../../ports/provider.ts';
import { makeStatements } from '../make-statements.ts';
import { askFor, readAgain, readSince } from './read-again.ts';
import type { ReconcileAbout, ReconcilePorts } from './reconcile-ports.ts';

type Findings = {
  /** Things of the kinds that the provider lists which the graph has, listed or not. */
  present: number;
  /** Things of its other kinds. */
  notCompared: number;
  readonly missing: Set<EntityUri>;
  /** Retired before, and not listed either. */
  readonly dead: Set<EntityUri>;
  /** Listed, but taken for gone. */
  readonly revived: EntityUri[];
  /** Known through things of the provider only. */
  readonly derived: StoredContribution[];
};

/**
 * Retires what the provider said and no longer lists: its own contributions and nobody else's. When implausibly much is
 * missing nothing is, unless it was forced. What somebody read since the listing began is left to what they read, and of
 * kinds that the provider does not list its silence says nothing.
 */
export async function retireUnlisted(ports: ReconcilePorts, about: ReconcileAbout): Promise<Reconcile> {
  const { provider, source, reconcile, now } = about;
  const listing = knownListing(await ports.listings.read(provider, reconcile.generation));
  const found = await compare(ports, about, listing);
  const since = { provider, since: reconcile.ticket };
  for (const subject of await readSince(ports, since, found.missing)) found.missing.delete(subject);
  const missing = found.missing.size;
  const { present, notCompared } = found;
  if (!reconcile.isForced && isImplausible({ missing, present })) {
    const reason = `${missing} of ${present} would be retired, expected at most half of them`;
    return held(reconcile, { reason, notCompared }, now);
  }
  const { ended, orphans } = withoutWitnesses(about, found);
  const retired = [...found.missing, ...orphans];
  await makeStatements(ports.graph, { provider, statements: ended, retired, now });
  await readAgain(ports, source, since, new Set(retired));
  await askFor(ports, source, provider, found.revived);
  return reconciled(reconcile, { retired: retired.length, notCompared }, now);
}

async function compare(
  { contributions }: ReconcilePorts,
  { provider, source }: ReconcileAbout,
  listing: KnownListing,
): Promise<Findings> {
  const empty = { missing: new Set<EntityUri>(), dead: new Set<EntityUri>(), revived: [], derived: [] };
  const found: Findings = { present: 0, notCompared: 0, ...empty };
  await contributions.visit(provider, (some) => {
    for (const stored of some) sort(stored, source, listing, found);
  });
  return found;
}

function sort(stored: StoredContribution, source: Provider, listing: KnownListing, found: Findings): void {
  const subject = partsOfContributionId(stored.streamId)?.subject ?? '';
  const isCompared = source.lists(subject);
  if (isRetired(stored.contribution)) {
    if (isCompared && listing.has(subject)) found.revived.push(subject);
    else if (isCompared) found.dead.add(subject);
  } else if (isCompared) {
    found.present += 1;
    if (!listing.has(subject)) found.missing.add(subject);
  } else if (source.refOf(subject) !== undefined) found.notCompared += 1;
  else if (leadsToUnlisted(stored, source, listing)) found.derived.push(stored);
}

function leadsToUnlisted({ contribution }: StoredContribution, source: Provider, listing: KnownListing): boolean {
  return openEnds({ contribution }).some((to) => source.lists(to) && !listing.has(to));
}

/** Of what is known through others: edges to what is missing end; with the last of them it is gone too. */
function withoutWitnesses(
  { source }: ReconcileAbout,
  { missing, dead, derived }: Findings,
): { readonly ended: readonly Statement[]; readonly orphans: readonly EntityUri[] } {
  const ended: Statement[] = [];
  const orphans: EntityUri[] = [];
  for (const stored of derived) {
    const subject = partsOfContributionId(stored.streamId)?.subject ?? '';
    const own = openEnds(stored).filter((to) => source.refOf(to) !== undefined);
    const isAlive = (to: EntityUri) => !missing.has(to) && !dead.has(to);
    if (!own.some(isAlive)) orphans.push(subject);
    else for (const witness of own.filter((to) => !isAlive(to))) ended.push(withoutEdges(stored, subject, witness));
  }
  return { ended, orphans };
}

function openEnds({ contribution }: Pick<StoredContribution, 'contribution'>): readonly EntityUri[] {
  return contribution.claims.filter(({ validTo }) => validTo === undefined).map(({ to }) => to);
}

function withoutEdges({ contribution }: StoredContribution, subject: EntityUri, witness: EntityUri): Statement {
  const [description] = contribution.entities;
  return { subject, witness, edges: [], ...(description !== undefined && { description }) };
}
