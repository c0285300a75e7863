import { countsOf, type FleetFilter, type FleetSort, matchesFilter, pageOf } from '../../domain/health/fleet-query.ts';
import { fleetDays, fleetRow } from '../../domain/health/fleet-row.ts';
import { type ModelRow, modelRows } from '../../domain/registry/model-row.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import { retrainsOfStatus } from '../../domain/retraining/retrain-lists.ts';
import type { Instant } from '../../domain/time.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore } from '../../ports/event-store.ts';

export type FleetQuery = FleetFilter & {
  readonly sort: FleetSort;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly now: Instant;
};

/** More retrains than this never run at once. */
const maximumRunning = 1_000;

/**
 * A page of all models with their state. Reads the two rows of each model, whatever page is asked for: sorting by what
 * changes with every evaluation has no index that would be cheaper. Throws `InvalidRequest` (code `invalid-cursor`).
 */
export async function listFleet(
  { events, evaluations }: { readonly events: EventStore; readonly evaluations: EvaluationStore },
  { sort, limit, cursor, now, ...filter }: FleetQuery,
) {
  const [models, healthRows] = await Promise.all([events.rows<ModelRow>(modelRows), evaluations.rows()]);
  const healthOf = new Map(healthRows.map((row) => [row.modelId, row]));
  const runningRetrains = models.some(({ openRetrain }) => openRetrain !== undefined)
    ? await running(events)
    : new Set<string>();
  const rows = models
    .map((model) => fleetRow({ model, health: healthOf.get(model.modelId), runningRetrains, now }))
    .filter(matchesFilter(filter));
  const page = pageOf(rows, { sort, limit, cursor });
  return {
    ...page,
    items: page.items.map((row) => ({ ...row, days: fleetDays(healthOf.get(row.modelId)) })),
    total: rows.length,
    counts: countsOf(rows),
    asOf: now,
  };
}

async function running(events: EventStore): Promise<ReadonlySet<string>> {
  const { items } = await events.list<RetrainState>(retrainsOfStatus('running'), { limit: maximumRunning });
  return new Set(items.map(({ state }) => state.retrainId));
}
