import { isRunwayError } from '../../../domain/errors.ts';
import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import { packListedPage } from '../../../domain/graph/ingestion/listed-page.ts';
import { pageListed, type Reconcile } from '../../../domain/graph/ingestion/reconcile.ts';
import type { Statement } from '../../../domain/graph/provider-contribution.ts';
import type { Listed, Listing } from '../../../ports/provider.ts';
import { makeStatements } from '../make-statements.ts';
import { followReferences } from './follow-references.ts';
import { type ReadMeanwhile, readAgain } from './read-again.ts';
import type { ReconcileAbout, ReconcilePorts } from './reconcile-ports.ts';

const hydrationsAtOnce = 8;
/** Of a page; with more of them the provider is ill rather than some of its things. */
const toleratedFailures = 20;

/** Takes the next page of what the provider has into the graph. Throws what the provider throws. */
export async function listPage(ports: ReconcilePorts, about: ReconcileAbout): Promise<Reconcile> {
  const { provider, source, reconcile, now } = about;
  const meanwhile: ReadMeanwhile = { provider, since: await ports.hydrations.latestTicket(provider) };
  const listing = await source.list(reconcile.cursor, now);
  const read = await readChanged(about, listing);
  const statements = [...listing.statements, ...read.statements];
  const { changed } = await makeStatements(ports.graph, { provider, statements, now });
  if (changed > 0) {
    await readAgain(ports, source, meanwhile, new Set(statements.map(({ subject }) => subject)));
    await followReferences(ports, statements, 1);
  }
  const page = listing.listed
    .filter(({ subject }) => !read.gone.has(subject))
    .map(({ subject, version }) => ({ subject, version: read.failed.has(subject) ? undefined : version }));
  const { generation, pages } = reconcile;
  await ports.listings.put(provider, { generation, page: pages, bytes: packListedPage(page), now });
  const counts = { listed: page.length, hydrated: read.hydrated, failed: read.failed.size, changed };
  return pageListed(reconcile, { cursor: listing.cursor, counts }, now);
}

type Read = {
  readonly statements: readonly Statement[];
  readonly hydrated: number;
  readonly failed: ReadonlySet<EntityUri>;
  /** Between the listing and the reading. */
  readonly gone: ReadonlySet<EntityUri>;
};

async function readChanged({ source, known, now }: ReconcileAbout, { listed, statements }: Listing): Promise<Read> {
  const said = new Set(statements.map(({ subject }) => subject));
  const isNew = ({ subject, version }: Listed) => version === undefined || !known.hasVersion(subject, version);
  const waiting = listed.filter((each) => !said.has(each.subject) && isNew(each));
  const [read, failed, gone] = [new Map<EntityUri, readonly Statement[]>(), new Set<EntityUri>(), new Set<EntityUri>()];
  const queue = waiting.values();
  const takeSome = async () => {
    for (const { subject, ref } of queue) {
      try {
        const hydrated = await source.hydrate(ref, { now, fresh: true });
        if (hydrated === 'gone') gone.add(subject);
        else read.set(subject, hydrated);
      } catch (error) {
        failed.add(subject);
        if (!isRunwayError(error) || failed.size > toleratedFailures || isEverything(failed, waiting)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: hydrationsAtOnce }, takeSome));
  const inOrder = waiting.flatMap(({ subject }) => read.get(subject) ?? []);
  return { statements: inOrder, hydrated: read.size, failed, gone };
}

function isEverything(failed: ReadonlySet<EntityUri>, waiting: readonly Listed[]): boolean {
  return waiting.length > 3 && failed.size === waiting.length;
}
