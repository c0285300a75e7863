import { notFound, RunwayError } from '../../domain/errors.ts';
import { outcomeTypesOf } from '../../domain/ground-truth/outcome-types.ts';
import { kindOf } from '../../domain/ground-truth/performance-point.ts';
import {
  leadingMetric,
  leadingValue,
  type SeriesStep,
  seriesOf,
  wholeSteps,
} from '../../domain/ground-truth/performance-series.ts';
import type { Window } from '../../domain/ground-truth/time-series.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { ModelEvent } from '../../domain/registry/model-events.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import { dayMillis, type Instant, toInstant, toMillis } from '../../domain/time.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { expectWindow } from './expect-window.ts';
import { delaysOf, type ScopeQuery, scopeOf, spansOf } from './performance-scope.ts';

type Ports = { readonly events: EventStore; readonly metrics: GroundTruthMetrics; readonly baselines: BaselineStore };

export type SeriesQuery = ScopeQuery & {
  readonly modelId: string;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly step: SeriesStep;
  /** @default every version that was champion in the window */
  readonly version?: number | undefined;
  readonly now: Instant;
};

const defaultDays = 30;
const pageSize = 200;

/**
 * Ascending by time, then by version. Throws `NotFound`
 * (`unknown-model`, `unknown-version`, `no-champion`, `unknown-segment`, `unknown-outcome-type`) and `InvalidRequest`.
 */
export async function viewPerformanceSeries(ports: Ports, query: SeriesQuery) {
  const { modelId, step, now } = query;
  const { state } = await loadModel(ports.events, modelId);
  const { type, of } = scopeOf(state, query);
  const window = windowOf(query);
  const versions = await versionsOf(ports.events, state, query.version, window);
  const baseline = await ports.baselines.get(modelId, versions.at(-1)!);
  const { taskType, segments = [] } = state.definition;
  const { minimumCoverageRatio } = state.policy.signals.performance;
  const facts = { taskType, type, now: toMillis(now), minimumCoverageRatio };
  const series = await Promise.all(
    versions.map(async (version) => {
      const ofVersion = { modelId, version, ...of };
      const [spans, delays] = await Promise.all([
        spansOf(ports.metrics, { ...ofVersion, ...window }),
        delaysOf(ports.metrics, ofVersion, { type, now }),
      ]);
      return seriesOf({ version, spans, window, step, delays, ...facts });
    }),
  );
  const isCompared = of.segment === undefined && of.outcomeType === undefined;
  const reference = isCompared && baseline?.performance ? leadingValue(baseline.performance) : null;
  const points = series.flat().sort((a, b) => (a.from === b.from ? a.version - b.version : a.from < b.from ? -1 : 1));
  return {
    modelId,
    outcomeType: type.name,
    ...(of.segment !== undefined && { segment: of.segment }),
    segments: segments.map(({ name }) => name),
    outcomeTypes: outcomeTypesOf(state.definition).map(({ name }) => name),
    ...leadingMetric(kindOf(facts)),
    reference,
    points,
  };
}

function windowOf({ from, to, step, now }: SeriesQuery): Window {
  const end = to ?? now;
  const asked = { from: from ?? toInstant(toMillis(end) - defaultDays * dayMillis), to: end };
  const window = wholeSteps(asked, step);
  // Widening would make a window of one that ends before it begins.
  expectWindow(asked.from < asked.to ? window : { from: window.from, to: window.from }, step === 'hour' ? '1h' : '1d');
  return window;
}

/** Ascending. */
async function versionsOf(events: EventStore, state: ModelState, asked: number | undefined, window: Window) {
  if (asked !== undefined && asked > state.versionCount) throw notFound('version', `${state.modelId} ${asked}`);
  if (asked !== undefined) return [asked];
  if (state.champion === undefined)
    throw new RunwayError('NotFound', 'no-champion', `${state.modelId} has no champion yet; name a version`);
  const terms = await championTerms(events, state.modelId);
  const during = terms.filter(({ from }, i) => from < window.to && (terms[i + 1]?.from ?? window.to) > window.from);
  const versions = new Set(during.map(({ version }) => version));
  return versions.size === 0 ? [state.champion.version] : [...versions].sort((a, b) => a - b);
}

/** Which version became champion when, ascending. */
async function championTerms(events: EventStore, modelId: string) {
  const terms: { readonly version: number; readonly from: Instant }[] = [];
  for (let afterVersion = 0; ; afterVersion += pageSize) {
    const page = await events.commits(modelStream(modelId), { afterVersion, limit: pageSize });
    // Nothing but model events is ever appended to a model's stream.
    for (const { events: happened, occurredAt } of page)
      for (const event of happened as readonly ModelEvent[])
        if (event.type === 'ChampionDeployed' || event.type === 'VersionPromoted')
          terms.push({ version: event.version, from: occurredAt });
        else if (event.type === 'ChampionWithdrawn') terms.push({ version: event.restored, from: occurredAt });
    if (page.length < pageSize) return terms;
  }
}
