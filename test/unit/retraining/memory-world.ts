import { createHash } from 'node:crypto';
import { createMemoryArtifactStore } from '../../../shared/adapters/memory/memory-artifact-store.ts';
import { createMemoryEvaluationStore } from '../../../shared/adapters/memory/memory-evaluation-store.ts';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryLoadProber } from '../../../shared/adapters/memory/memory-load-prober.ts';
import { createMemoryRoutingPublisher } from '../../../shared/adapters/memory/memory-routing-publisher.ts';
import { createMemoryTrainingQueue } from '../../../shared/adapters/memory/memory-training-queue.ts';
import { createMemoryWorkflowEngine } from '../../../shared/adapters/memory/memory-workflow-engine.ts';
import { createQueueOrchestrator } from '../../../shared/adapters/orchestrators/queue-orchestrator.ts';
import { systemActor } from '../../../shared/domain/actor.ts';
import type { HourlyPaired, HourlyPerformance } from '../../../shared/domain/ground-truth/aggregates.ts';
import { decideModel } from '../../../shared/domain/registry/decide-model.ts';
import { evolveModel } from '../../../shared/domain/registry/evolve-model.ts';
import type { ModelState, ModelVersion } from '../../../shared/domain/registry/model.ts';
import type { ModelCommand } from '../../../shared/domain/registry/model-events.ts';
import { modelLists } from '../../../shared/domain/registry/model-lists.ts';
import { modelRow, modelRows } from '../../../shared/domain/registry/model-row.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import type { ModelDefinition } from '../../../shared/domain/registry/schemas.ts';
import type { RetrainState } from '../../../shared/domain/retraining/retrain.ts';
import type { RolloutState } from '../../../shared/domain/rollout/rollout.ts';
import { modelStream, retrainStream, rolloutStream, versionStream } from '../../../shared/domain/stream-ids.ts';
import { hourStart, type Instant } from '../../../shared/domain/time.ts';
import type { GroundTruthMetrics } from '../../../shared/ports/ground-truth-metrics.ts';
import type { Orchestrator } from '../../../shared/ports/orchestrator.ts';
import { planVersion } from '../../../shared/use-cases/registry/change-version.ts';
import { queueConnection } from '../../../shared/use-cases/retraining/start-run.ts';
import { lateBasic, policyWith, registeredAt } from './flight-models.ts';

export type World = ReturnType<typeof createWorld>;

export const artifact = 's3://artifacts/late-basic/model.json';

/** Every port in memory, and what a test wants to see of it. */
export function createWorld() {
  const events = createMemoryEventStore();
  const artifacts = createMemoryArtifactStore();
  const pairs: HourlyPaired[] = [];
  const queue = createMemoryTrainingQueue();
  const connected = new Map<string, Orchestrator>([[queueConnection, createQueueOrchestrator(queue)]]);
  const served = new Map<number, HourlyPerformance[]>();
  const headOf = async <S>(streamId: string): Promise<S> => {
    const head = await events.head<S>(streamId);
    if (head === undefined) throw new Error(`no stream ${streamId}`);
    return head.state;
  };
  return {
    events,
    evaluations: createMemoryEvaluationStore(),
    artifacts,
    workflows: createMemoryWorkflowEngine(),
    queue,
    orchestrators: { find: async (name: string) => connected.get(name) },
    /** Orchestrators by connection; the training queue is one. */
    connected,
    routing: createMemoryRoutingPublisher(),
    prober: createMemoryLoadProber(),
    metrics: rolloutMetrics(pairs, served),
    /** Predictions by version; a test sets them. */
    served,
    /** What ground truth knows about both versions; a test pushes into it. */
    pairs,
    model: (modelId = 'late-basic') => headOf<ModelState>(modelStream(modelId)),
    version: (number: number, modelId = 'late-basic') => headOf<ModelVersion>(versionStream(modelId, number)),
    retrain: (id = 'late-basic-r1') => headOf<RetrainState>(retrainStream(id)),
    rollout: (id = 'late-basic-o1') => headOf<RolloutState>(rolloutStream(id)),
    /** Gives the object's digest. */
    put: (uri: string, content: string | Uint8Array) => {
      void artifacts.put(uri, content);
      return `sha256:${createHash('sha256').update(content).digest('hex')}`;
    },
  };
}

/** Registers a model and deploys its version 1. */
export async function deploy(
  world: World,
  { definition = lateBasic, policy = policyWith() }: { definition?: ModelDefinition; policy?: Policy } = {},
): Promise<void> {
  await command(world, definition.name, { type: 'RegisterModel', definition, policy });
  await addVersion(world, { modelId: definition.name });
  await command(world, definition.name, { type: 'DeployChampion', version: 1, trainingDataEnd: registeredAt });
}

/** Registers the next version, trained by `trainingRun` up to `trainingDataEnd`; gives its number. */
export async function addVersion(
  world: World,
  { modelId = 'late-basic', ...details }: Partial<ModelVersion> & { readonly modelId?: string } = {},
): Promise<number> {
  const { versionCount, definition } = await command(world, modelId, { type: 'AddVersion' });
  const version: ModelVersion = {
    modelId,
    artifactUri: artifact,
    artifactDigest: world.put(artifact, '{"weights":[1]}'),
    environmentLockDigest: `sha256:${'0'.repeat(64)}`,
    trainingRun: 'by-hand',
    datasetVersions: [{ dataset: 'flights', version: '2001-01' }],
    trainingDataEnd: registeredAt,
    codeLink: 'https://example.org/late-basic',
    offlineMetrics: {},
    referenceWindow: { uri: artifact, from: registeredAt, to: registeredAt },
    features: definition.features,
    version: versionCount,
    status: versionCount === 1 ? 'champion' : 'registered',
    registeredAt,
    ...details,
  };
  await world.events.append([planVersion(version, { actor: systemActor('test'), now: registeredAt, reason: 'given' })]);
  return versionCount;
}

export async function command(
  world: World,
  modelId: string,
  next: ModelCommand,
  now: Instant = registeredAt,
): Promise<ModelState> {
  const streamId = modelStream(modelId);
  const head = await world.events.head<ModelState>(streamId);
  const events = decideModel(next, head?.state, now);
  const state = events.reduce<ModelState | undefined>((before, event) => evolveModel(before, event, now), head?.state);
  if (state === undefined) throw new Error(`${modelId} is not registered`);
  const row = { list: modelRows, value: modelRow(state) };
  const stream = { streamId, expectedVersion: head?.version ?? 0, lists: modelLists(state), row };
  if (events.length > 0)
    await world.events.append([
      { ...stream, events, state, actor: systemActor('test'), reason: 'given', occurredAt: now },
    ]);
  return state;
}

function rolloutMetrics(
  pairs: readonly HourlyPaired[],
  served: ReadonlyMap<number, readonly HourlyPerformance[]>,
): GroundTruthMetrics {
  const notAsked = async () => {
    throw new Error('a rollout asks for nothing but pairs and counts');
  };
  const within =
    ({ from, to }: { readonly from: Instant; readonly to: Instant }) =>
    ({ hour }: { readonly hour: string }) =>
      hourStart(hour) >= from && hourStart(hour) < to;
  return {
    profile: notAsked,
    profilesOfHours: notAsked,
    profileBlocks: notAsked,
    hourlyPerformance: async ({ version, ...window }) => (served.get(version) ?? []).filter(within(window)),
    fiveMinutePerformance: notAsked,
    dailyPerformance: notAsked,
    hourlyPaired: async (window) => pairs.filter(within(window)),
  };
}
