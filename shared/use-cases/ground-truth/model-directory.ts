import { outcomeTypesOf } from '../../domain/ground-truth/outcome-types.ts';
import type { ServedModel, ServedVersion } from '../../domain/ground-truth/served-model.ts';
import type { ModelState, ModelVersion } from '../../domain/registry/model.ts';
import { modelStream, versionStream } from '../../domain/stream-ids.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';

type Sources = {
  readonly events: Pick<EventStore, 'head'>;
  /** Only who counts predictions needs them. @default none: models are found without their versions */
  readonly baselines?: Pick<BaselineStore, 'get'>;
};

/** What it remembers never changes: a model's definition, a registered version, a baseline. */
export function createModelDirectory(sources: Sources): ModelDirectory {
  const models = new Map<string, ServedModel>();
  return {
    find: async (modelId, versions) => {
      const known = models.get(modelId);
      const missing = [...new Set(versions)].filter((version) => !known?.versions.has(version));
      if (known !== undefined && missing.length === 0) return known;
      const head = await sources.events.head<ModelState>(modelStream(modelId));
      if (head === undefined) return undefined;
      // A record may name any number of versions; only those that were registered are worth a look.
      const registered = missing.filter((version) => isRegistered(version, head.state));
      const found = await readVersions(sources, modelId, registered);
      // Another call may have learned of other versions meanwhile.
      const latest = models.get(modelId) ?? servedModel(head.state);
      const model = { ...latest, versions: new Map([...latest.versions, ...found]) };
      models.set(modelId, model);
      return model;
    },
  };
}

function isRegistered(version: number, { versionCount }: ModelState): boolean {
  return Number.isInteger(version) && version >= 1 && version <= versionCount;
}

function servedModel({ modelId, definition, registeredAt }: ModelState): ServedModel {
  const { team, tier, taskType, buckets, speedWindowMinutes, sampling, segments, sagemaker, businessMetric } =
    definition;
  const outcomeTypes = outcomeTypesOf(definition);
  const { attributionWindowMinutes } = outcomeTypes[0]!;
  return {
    modelId,
    team,
    tier,
    registeredAt,
    taskType,
    buckets,
    attributionWindowMinutes,
    outcomeTypes,
    versions: new Map(),
    ...(speedWindowMinutes !== undefined && { speedWindowMinutes }),
    ...(sampling !== undefined && { sampling }),
    ...(segments !== undefined && { segments }),
    ...(sagemaker !== undefined && { sagemaker }),
    ...(businessMetric !== undefined && { businessMetric: businessMetric.name }),
  };
}

async function readVersions(sources: Sources, modelId: string, versions: readonly number[]) {
  const found = new Map<number, ServedVersion>();
  await Promise.all(
    versions.map(async (version) => {
      const served = await readVersion(sources, modelId, version);
      if (served !== undefined) found.set(version, served);
    }),
  );
  return found;
}

// A version whose baseline is not there yet cannot be counted: to ground truth it does not exist.
async function readVersion(
  { events, baselines }: Sources,
  modelId: string,
  version: number,
): Promise<ServedVersion | undefined> {
  const [head, baseline] = await Promise.all([
    events.head<ModelVersion>(versionStream(modelId, version)),
    baselines?.get(modelId, version),
  ]);
  if (head === undefined || baseline === undefined) return undefined;
  // Its counts, by days above all, are a hundred times as large as its bins.
  const { features, scores, segments } = baseline;
  return { features: head.state.features, baseline: { features, scores, ...(segments && { segments }) } };
}
