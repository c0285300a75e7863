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
import { retireOldRuns } from './openlineage/retire-old-runs.ts';

export type EnrichmentPorts = {
  readonly graph: Pick<GraphStore, 'get' | 'getMany' | 'putMany' | 'changesAfter' | 'all'>;
  readonly view: GraphAt;
  readonly progress: EnrichmentProgress;
  readonly expiries: OverrideExpiries;
  /** @default nobody is asked */
  readonly hydration?: HydrationRequests;
};

export type Enriched = {
  /** `busy`: another run has the work; `partly`: the time was over, the next run goes on. */
  readonly outcome: 'done' | 'partly' | 'busy';
  /** Entities whose surroundings had changed, and statements that were written of that. */
  readonly lookedAt: number;
  readonly changed: number;
  /** Entities that are mentioned and not known. */
  readonly unresolved: number;
  readonly expired: number;
  /** Runs of OpenLineage that are over for long, and their tests. */
  readonly retired: number;
};

export type EnrichmentLimits = {
  /** Whether to begin with some more. @default always */
  readonly hasTime?: () => boolean;
  /** Entities after which the progress is saved. @default 2,000 */
  readonly entitiesAtOnce?: number;
};

/** Longer than a function may take, so that whoever still holds it is gone. */
const leaseMinutes = 11;
/** So that a run that is cut off has not worked for nothing. */
const entitiesBetweenSaves = 2_000;

/**
 * Brings inferred edges up to the graph: looks at what has changed since the last run and as far around it as the rules
 * reach, and once a day at everything; then runs that are over for long are retired. Whoever is interrupted leaves the
 * rest to the next run.
 */
export async function enrichGraph(
  ports: EnrichmentPorts,
  now: Instant,
  { hasTime = () => true, entitiesAtOnce = entitiesBetweenSaves }: EnrichmentLimits = {},
): Promise<Enriched> {
  const run = await begin(ports.progress, now);
  if (run === undefined) return { outcome: 'busy', lookedAt: 0, changed: 0, unresolved: 0, expired: 0, retired: 0 };
  const expired = await endExpiredOverrides(ports, now);
  const totals = await catchUp(ports, run, now, { hasTime, entitiesAtOnce });
  await run.end();
  return { ...totals, expired };
}

type Run = {
  state(): EnrichmentState;
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
      state: () => current,
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

type Totals = Omit<Enriched, 'expired'>;

async function catchUp(
  ports: EnrichmentPorts,
  run: Run,
  now: Instant,
  { hasTime, entitiesAtOnce }: Required<EnrichmentLimits>,
): Promise<Totals> {
  const totals = { lookedAt: 0, changed: 0, unresolved: 0, retired: 0 };
  for (;;) {
    const work = await workOf(ports, run.state(), now, entitiesAtOnce);
    if (work.length === 0) return { outcome: 'done', ...totals };
    const view = await ports.view(now);
    const graph = createRuleGraph(view);
    for (const { uris, then } of work) {
      if (!hasTime()) return { outcome: 'partly', ...totals };
      const some = await enrich(ports, graph, uris, now);
      totals.lookedAt += uris.size;
      totals.changed += some.changed;
      totals.unresolved += some.unresolved;
      if (then.everythingAt !== undefined) totals.retired += await retireOldRuns(ports.graph, view, now);
      await run.save(then);
    }
  }
}

/** Entities to look at, and what is known to be done when that has happened. */
type Part = { readonly uris: ReadonlySet<EntityUri>; readonly then: Partial<EnrichmentState> };

async function workOf(
  { graph, view }: EnrichmentPorts,
  { change, everythingAt, everything }: EnrichmentState,
  now: Instant,
  entitiesAtOnce: number,
): Promise<readonly Part[]> {
  const changes = await graph.changesAfter(change);
  const isDue = everythingAt === undefined || toMillis(now) - toMillis(everythingAt) >= dayMillis;
  if (!isDue && changes !== undefined) return changedIn(changes, entitiesAtOnce);
  // What the number says is in the view, which is asked for after it.
  const begun =
    everything?.begunAt ?? changes?.at(-1)?.change ?? (changes === undefined ? (await graph.all()).change : change);
  const left = [...(await view(now)).uris()]
    .filter((uri) => everything === undefined || uri > everything.after)
    .toSorted();
  const parts = slices(left, entitiesAtOnce).map((uris) => ({
    uris: new Set(uris),
    then: { everything: { begunAt: begun, after: uris.at(-1) ?? '' } },
  }));
  return [...parts, { uris: new Set(), then: { change: begun, everythingAt: now, everything: undefined } }];
}

function slices(uris: readonly EntityUri[], size: number): readonly (readonly EntityUri[])[] {
  return Array.from({ length: Math.ceil(uris.length / size) }, (_, index) =>
    uris.slice(index * size, (index + 1) * size),
  );
}

/** What changes were about, some thousand entities at a time. What inference itself has said gives no cause to look. */
function changedIn(changes: readonly GraphChange[], entitiesAtOnce: number): readonly Part[] {
  const parts: { uris: Set<EntityUri>; then: { change: number } }[] = [];
  for (const { change, contributions } of changes) {
    const open = parts.at(-1);
    const part =
      open !== undefined && open.uris.size < entitiesAtOnce ? open : { uris: new Set<EntityUri>(), then: { change } };
    if (part !== open) parts.push(part);
    part.then.change = change;
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
