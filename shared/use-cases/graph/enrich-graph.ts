import { isRunwayError } from '../../domain/errors.ts';
import { affectedFrom, inferFrom, isMaterialized } from '../../domain/graph/enrichment/infer.ts';
import { enrichmentProvider } from '../../domain/graph/enrichment/rule.ts';
import { createRuleGraph, type RuleGraph } from '../../domain/graph/enrichment/rule-graph.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import { partsOfContributionId, type Statement } from '../../domain/graph/provider-contribution.ts';
import { dayMillis, type Instant, minuteMillis, toInstant, toMillis } from '../../domain/time.ts';
import type { EnrichmentProgress, EnrichmentState } from '../../ports/enrichment-progress.ts';
import type { GraphChange, GraphStore } from '../../ports/graph-store.ts';
import type { HydrationRequests } from '../../ports/hydration-requests.ts';
import type { OverrideExpiries } from '../../ports/override-expiries.ts';
import { endExpiredOverrides } from './end-expired-overrides.ts';
import type { GraphAt } from './graph-view.ts';
import { makeStatements } from './make-statements.ts';

export type EnrichmentPorts = {
  readonly graph: Pick<GraphStore, 'get' | 'getMany' | 'putMany' | 'changesAfter' | 'all'>;
  readonly view: GraphAt;
  readonly progress: EnrichmentProgress;
  readonly expiries: OverrideExpiries;
  /** @default nobody is asked */
  readonly hydration?: HydrationRequests;
};

export type Enriched = {
  /** `busy`: another run has the work. */
  readonly outcome: 'done' | 'busy';
  /** Entities whose surroundings had changed, and statements that were written of that. */
  readonly lookedAt: number;
  readonly changed: number;
  /** Entities that are mentioned and not known. */
  readonly unresolved: number;
  readonly expired: number;
};

/** Longer than a function may take, so that whoever still holds it is gone. */
const leaseMinutes = 6;
/** Changed entities after which the progress is saved, so that a run that is cut off has not worked for nothing. */
const entitiesAtOnce = 2_000;

/**
 * Brings inferred edges up to the graph: looks at what has changed since the last run and as far around it as the rules
 * reach, and once a day at everything. Whoever is interrupted leaves the rest to the next run.
 */
export async function enrichGraph(ports: EnrichmentPorts, now: Instant): Promise<Enriched> {
  const run = await begin(ports.progress, now);
  if (run === undefined) return { outcome: 'busy', lookedAt: 0, changed: 0, unresolved: 0, expired: 0 };
  const expired = await endExpiredOverrides(ports, now);
  const totals = await catchUp(ports, run, now);
  await run.end();
  return { outcome: 'done', ...totals, expired };
}

type Run = {
  readonly from: EnrichmentState;
  save(state: Partial<EnrichmentState>): Promise<void>;
  end(): Promise<void>;
};

async function begin(progress: EnrichmentProgress, now: Instant): Promise<Run | undefined> {
  const { state, revision } = await progress.get();
  if (state.leasedUntil !== undefined && state.leasedUntil > now) return undefined;
  let current: EnrichmentState = { ...state, leasedUntil: toInstant(toMillis(now) + leaseMinutes * minuteMillis) };
  try {
    let last = await progress.put(current, revision);
    const put = async (next: EnrichmentState) => {
      last = await progress.put(next, last);
      current = next;
    };
    return {
      from: state,
      save: (some) => put({ ...current, ...some }),
      end: () => {
        const { leasedUntil: _leasedUntil, ...rest } = current;
        return put(rest);
      },
    };
  } catch (error) {
    if (isRunwayError(error) && error.name === 'VersionConflict') return undefined;
    throw error;
  }
}

type Totals = Pick<Enriched, 'lookedAt' | 'changed' | 'unresolved'>;

async function catchUp(ports: EnrichmentPorts, run: Run, now: Instant): Promise<Totals> {
  const { change, everythingAt } = run.from;
  const changes = await ports.graph.changesAfter(change);
  const isDue = everythingAt === undefined || toMillis(now) - toMillis(everythingAt) >= dayMillis;
  const totals = { lookedAt: 0, changed: 0, unresolved: 0 };
  const look = async (graph: RuleGraph, uris: ReadonlySet<EntityUri>) => {
    const some = await enrich(ports, graph, uris, now);
    totals.lookedAt += uris.size;
    totals.changed += some.changed;
    totals.unresolved += some.unresolved;
  };
  if (isDue || changes === undefined) {
    // What the number says is in the view, which is asked for later.
    const last = changes?.at(-1)?.change ?? (changes === undefined ? (await ports.graph.all()).change : change);
    const adjacency = await ports.view(now);
    const graph = createRuleGraph(adjacency);
    for (const uris of slices([...adjacency.uris()])) await look(graph, uris);
    await run.save({ change: last, everythingAt: now });
  } else if (changes.length > 0) {
    const graph = createRuleGraph(await ports.view(now));
    for (const { uris, last } of changedIn(changes)) {
      await look(graph, uris);
      await run.save({ change: last });
    }
  }
  return totals;
}

function slices(uris: readonly EntityUri[]): readonly ReadonlySet<EntityUri>[] {
  return Array.from(
    { length: Math.ceil(uris.length / entitiesAtOnce) },
    (_, index) => new Set(uris.slice(index * entitiesAtOnce, (index + 1) * entitiesAtOnce)),
  );
}

/** What changes were about, some thousand entities at a time. What inference itself has said gives no cause to look. */
function changedIn(changes: readonly GraphChange[]) {
  const parts: { uris: Set<EntityUri>; last: number }[] = [];
  for (const { change, contributions } of changes) {
    const open = parts.at(-1);
    const part = open !== undefined && open.uris.size < entitiesAtOnce ? open : { uris: new Set<EntityUri>(), last: 0 };
    if (part !== open) parts.push(part);
    part.last = change;
    for (const { streamId, contribution } of contributions) {
      if (partsOfContributionId(streamId)?.provider === enrichmentProvider) continue;
      for (const { uri } of contribution.entities) part.uris.add(uri);
      for (const { from, to } of contribution.claims) part.uris.add(from).add(to);
    }
  }
  return parts;
}

async function enrich(ports: EnrichmentPorts, graph: RuleGraph, changed: ReadonlySet<EntityUri>, now: Instant) {
  const affected = new Set([...changed].flatMap((uri) => [...affectedFrom(graph, uri)]));
  const statements = [...affected].flatMap((uri) => statementOf(graph, uri) ?? []);
  const made = await makeStatements(ports.graph, { provider: enrichmentProvider, statements, now });
  const unresolved = [...changed].filter((uri) => graph.record(uri).state === 'placeholder');
  if (unresolved.length > 0) await ports.hydration?.request(unresolved, now);
  return { changed: made.changed, unresolved: unresolved.length };
}

/** Undefined of what nothing is known of or inferred from. */
function statementOf(graph: RuleGraph, subject: EntityUri): Statement | undefined {
  const inferred = inferFrom(graph, subject).filter(isMaterialized);
  const { state, hydratedAt } = graph.record(subject);
  if (inferred.length === 0 && state === 'placeholder' && !graph.isEnriched(subject)) return undefined;
  const edges = inferred.map(({ type, to, confidence, evidence }) => ({
    type,
    to,
    provenance: 'inferred' as const,
    confidence,
    evidence,
  }));
  return { subject, edges, enriches: { hydratedAt } };
}
