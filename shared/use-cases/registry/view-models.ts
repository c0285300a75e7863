import { RunwayError } from '../../domain/errors.ts';
import { metricsOf, type PerformanceMetrics } from '../../domain/ground-truth/performance-metrics.ts';
import type { Baseline } from '../../domain/health/baseline.ts';
import type { ModelState, ModelVersion } from '../../domain/registry/model.ts';
import { allModels, modelsOfTeam, versionsOfModel } from '../../domain/registry/model-lists.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { Commit, EventStore, Page } from '../../ports/event-store.ts';
import { loadModel } from './change-model.ts';
import { loadVersion } from './change-version.ts';
import { loadModelAsOf } from './load-model-as-of.ts';

export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };
export type BaselineSummary = Pick<Baseline, 'n' | 'from' | 'to' | 'sampledRows'> & {
  /** Stretches of days that evidence can be taken from. */
  readonly blocks: number;
  /** Features whose counts by block did not fit. */
  readonly blocksOmitted: readonly string[];
  readonly performance?: PerformanceMetrics;
};
export type VersionView = ModelVersion & { readonly baseline?: BaselineSummary };

/** By name; of one team when `team` is given. */
export function listModels(
  events: EventStore,
  { team, ...page }: PageRequest & { readonly team?: string | undefined },
): Promise<Page<ModelState>> {
  return states(events, team === undefined ? allModels : modelsOfTeam(team), page);
}

/** `version` is absent when the model is shown as of a past moment. Throws `NotFound`, `InvalidRequest` (code `as-of-in-future`). */
export async function getModel(
  events: EventStore,
  { modelId, asOf, now }: { readonly modelId: string; readonly asOf?: Instant | undefined; readonly now: Instant },
): Promise<{ readonly state: ModelState; readonly version?: number }> {
  if (asOf === undefined) return loadModel(events, modelId);
  if (asOf <= now) return { state: await loadModelAsOf(events, modelId, asOf) };
  const field = { field: 'query:/asOf', code: 'as-of-in-future', reason: `expected at most ${now}` };
  throw new RunwayError('InvalidRequest', 'as-of-in-future', `asOf ${asOf} is in the future`, [field]);
}

/** A model's commits, oldest first; the cursor is the version of the last one shown. Throws `NotFound`. */
export async function getHistory(
  events: EventStore,
  modelId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<Commit>> {
  await loadModel(events, modelId);
  const found = await events.commits(modelStream(modelId), { afterVersion: Number(cursor ?? 0), limit: limit + 1 });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return last && found.length > limit ? { items, cursor: String(last.version) } : { items };
}

/** Newest first. Throws `NotFound`. */
export async function listVersions(
  events: EventStore,
  modelId: string,
  page: PageRequest,
): Promise<Page<ModelVersion>> {
  await loadModel(events, modelId);
  return states(events, versionsOfModel(modelId), { ...page, descending: true });
}

/** With what is known of its reference window. Throws `NotFound` (code `unknown-version`). */
export async function getVersion(
  { events, baselines }: { readonly events: EventStore; readonly baselines: BaselineStore },
  modelId: string,
  version: number,
): Promise<VersionView> {
  const { state } = await loadVersion(events, modelId, version);
  const baseline = await baselines.get(modelId, version);
  const view = { baselineStatus: { status: 'ready' }, ...state } as const;
  return baseline === undefined ? view : { ...view, baseline: summaryOf(baseline) };
}

function summaryOf({
  performance,
  blocks = [],
  blocksOmitted = [],
  sampledRows,
  ...baseline
}: Baseline): BaselineSummary {
  const { n, from, to } = baseline;
  const sample = sampledRows === undefined ? {} : { sampledRows };
  return {
    n,
    from,
    to,
    ...sample,
    blocks: blocks.length,
    blocksOmitted,
    ...(performance && { performance: metricsOf(performance) }),
  };
}

/** The states of a list, page by page. */
export async function states<S>(
  events: EventStore,
  list: string,
  { limit, cursor, descending = false }: PageRequest & { readonly descending?: boolean },
): Promise<Page<S>> {
  const page = await events.list<S>(list, { limit, descending, ...(cursor !== undefined && { cursor }) });
  return { items: page.items.map(({ state }) => state), ...(page.cursor !== undefined && { cursor: page.cursor }) };
}
