import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { modelUri, registryPlatform, versionUri } from '../../domain/graph/entities.ts';
import { type EntityUri, parseEntityRef } from '../../domain/graph/entity-ref.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { cascadeModel, cascadeRules } from '../../domain/retraining/cascade/cascade-model.ts';
import type { CascadeModel, CascadePlan, CascadeRequest } from '../../domain/retraining/cascade/cascade-plan.ts';
import { dependantsOf } from '../../domain/retraining/cascade/dependants-of.ts';
import { planCascade } from '../../domain/retraining/cascade/plan-cascade.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import { retrainsOfModel } from '../../domain/retraining/retrain-lists.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { awaitedIn, readOpenCascades } from './change-cascade.ts';

export type PlanPorts = { readonly events: EventStore; readonly graph: (now: Instant) => Promise<Adjacency> };
export type PlanRequest = PlanRules & {
  /** Models of which a new version would be promoted now. */
  readonly modelIds: readonly string[];
};
export type PlanRules = {
  readonly overall: number;
  readonly perTeam: number;
  /** Of the costs; others count as unknown. */
  readonly currency: string;
  readonly now: Instant;
};

/** Models that are read at once. */
const readsAtOnce = 20;
/** Of the latest retrains one is likely to have succeeded. */
const retrainsRead = 10;

/** What would retrain after a promotion; changes nothing. Throws `NotFound` for an unknown model. */
export async function planRetrains(ports: PlanPorts, request: PlanRequest): Promise<CascadePlan> {
  return planCascade(await planRequestOf(ports, request));
}

/** What would retrain because it was trained on a version that is taken back; changes nothing. */
export async function planAfterWithdrawal(
  { events, graph }: PlanPorts,
  { modelId, version, ...rules }: PlanRules & { readonly modelId: string; readonly version: number },
): Promise<CascadePlan> {
  const roots = [versionUri(modelId, version)];
  // That the model was served by it does not make the model a dependant of itself.
  const request = { ...rules, modelIds: [modelId], roots, except: modelUri(modelId) };
  return planCascade(await requestFrom(events, await graph(rules.now), request));
}

/** What such a plan is made from. Throws `NotFound` for an unknown model. */
export async function planRequestOf({ events, graph }: PlanPorts, request: PlanRequest): Promise<CascadeRequest> {
  const { modelIds } = request;
  const [adjacency, ...promoted] = await Promise.all([
    graph(request.now),
    ...modelIds.map((id) => loadModel(events, id)),
  ]);
  const roots = [...new Set(promoted.flatMap(({ state }) => urisOf(state)))];
  return requestFrom(events, adjacency, { ...request, roots });
}

async function requestFrom(
  events: EventStore,
  adjacency: Adjacency,
  request: PlanRequest & { readonly roots: readonly EntityUri[]; readonly except?: EntityUri },
): Promise<CascadeRequest> {
  const { modelIds, roots, except, overall, perTeam, currency, now } = request;
  const { graph: dependants, uris } = dependantsOf(adjacency, roots, except);
  const models = await readModels(events, uris, currency, await readAwaitedByOthers(events, modelIds));
  const numberOf = new Map(uris.map((uri, number) => [uri, number]));
  return {
    graph: dependants,
    nodes: uris.map((uri) => ({ uri, model: models.get(uri) })),
    promoted: roots.map((uri) => numberOf.get(uri)!),
    rules: { ...cascadeRules, overall, perTeam: { each: perTeam } },
    now,
  };
}

/** The model, and the versions of it that others were trained on. */
function urisOf({ modelId, versionCount }: ModelState): readonly string[] {
  return [modelUri(modelId), ...Array.from({ length: versionCount }, (_, index) => versionUri(modelId, index + 1))];
}

/** What waits for the same promoted model only is planned anew: its next version supersedes that cascade. */
async function readAwaitedByOthers(
  events: EventStore,
  modelIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const open = await readOpenCascades(events);
  return awaitedIn(open.filter(({ modelId }) => !modelIds.includes(modelId)));
}

async function readModels(
  events: EventStore,
  uris: readonly string[],
  currency: string,
  awaited: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, CascadeModel>> {
  const models = uris.flatMap((uri) => {
    const { type, platform, id } = parseEntityRef(uri);
    return type === 'model' && platform === registryPlatform ? [{ uri, modelId: id }] : [];
  });
  const read = new Map<string, CascadeModel>();
  for (let at = 0; at < models.length; at += readsAtOnce)
    await Promise.all(
      models.slice(at, at + readsAtOnce).map(async ({ uri, modelId }) => {
        const model = await readModel(events, modelId, currency);
        // Somebody may name a model that was never registered.
        if (model !== undefined) read.set(uri, { ...model, awaitedBy: awaited.get(modelId) });
      }),
    );
  return read;
}

async function readModel(events: EventStore, modelId: string, currency: string): Promise<CascadeModel | undefined> {
  const [head, retrains] = await Promise.all([
    events.head<ModelState>(modelStream(modelId)),
    events.list<RetrainState>(retrainsOfModel(modelId), { limit: retrainsRead, descending: true }),
  ]);
  return (
    head &&
    cascadeModel(
      head.state,
      retrains.items.map(({ state }) => state),
      currency,
    )
  );
}
