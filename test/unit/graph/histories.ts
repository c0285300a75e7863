import fc from 'fast-check';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryGraphDatabase } from '../../../shared/adapters/memory/memory-graph-database.ts';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { systemActor } from '../../../shared/domain/actor.ts';
import { allModels, versionsOfModel } from '../../../shared/domain/registry/model-lists.ts';
import { modelDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { retrainsOfModel } from '../../../shared/domain/retraining/retrain-lists.ts';
import { rolloutsOfModel } from '../../../shared/domain/rollout/rollout-lists.ts';
import {
  modelStream,
  retrainIdOf,
  retrainStream,
  rolloutIdOf,
  rolloutStream,
  versionStream,
} from '../../../shared/domain/stream-ids.ts';
import { toInstant } from '../../../shared/domain/time.ts';
import type { DomainEvent, NewCommit } from '../../../shared/ports/event-store.ts';
import type { GraphPorts } from '../../../shared/use-cases/graph/project-stream.ts';
import { retrainHistories, rolloutHistories } from './rollout-histories.ts';

const start = Date.parse('2001-01-22T00:00:00.000Z');
/** The i-th minute of the story. */
export const minute = (i: number): string => toInstant(start + i * 60_000);

type Event = DomainEvent & Record<string, unknown>;
const modelIds = ['basic', 'live', 'crew'];
const versionCount = 3;

/** Streams of three models, three versions of each, and its one retrain and rollout. */
export const streamIds: readonly string[] = modelIds.flatMap((id) => [
  modelStream(id),
  ...Array.from({ length: versionCount }, (_, i) => versionStream(id, i + 1)),
  retrainStream(retrainIdOf(id, 1)),
  rolloutStream(rolloutIdOf(id, 1)),
]);

export function modelRegistered(modelId: string, change: object = {}): Event {
  const definition = modelDefinitionSchema.parse({
    name: modelId,
    domain: 'flights',
    team: 'flights',
    tier: 2,
    taskType: 'binary',
    features: [{ name: 'distance', type: 'numeric' }],
    ...change,
  });
  return { type: 'ModelRegistered', schemaVersion: 1, modelId, definition };
}

export function versionRegistered(modelId: string, version: number, change: object = {}): Event {
  const made = {
    modelId,
    version,
    features: [],
    trainingRun: `run-${version}`,
    codeLink: 'https://example.org/train',
    trainingDataEnd: minute(0),
    datasetVersions: [{ dataset: 'flights-3m', version: '1' }],
    ...change,
  };
  return { type: 'VersionRegistered', schemaVersion: 1, modelId, version: made };
}

const service = fc.constantFrom('board', 'planning', 'gate', 'app');
const versionNumber = fc.integer({ min: 1, max: versionCount });
const laterEvent = fc.oneof(
  fc.record({
    type: fc.constant('ConsumersDeclared'),
    consumers: fc
      .uniqueArray(service, { maxLength: 3 })
      .map((names) => names.map((name) => (name === 'board' ? { service: name, team: 'airport' } : { service: name }))),
  }),
  fc.record({ type: fc.constantFrom('ChampionDeployed', 'VersionPromoted'), version: versionNumber }),
  fc.record({ type: fc.constantFrom('ModelDeprecated', 'ModelRetired', 'HealthChanged', 'PolicyChanged') }),
);

/** What happens in one stream: registration first, then anything. */
function eventsOf(streamId: string): fc.Arbitrary<readonly Event[]> {
  const [kind, modelId = '', number = ''] = streamId.split('#');
  if (kind === 'rollout') return rolloutHistories(modelId);
  if (kind === 'retrain') return retrainHistories(modelId);
  if (kind === 'version') {
    const upstream = fc.constantFrom([], [{ modelId: 'basic', version: 1 }]);
    return upstream.map((upstreamVersions) => [
      versionRegistered(modelId, Number(number), { upstreamVersions, pipeline: 'flights/training' }),
      { type: 'VersionStatusChanged', schemaVersion: 1, modelId },
    ]);
  }
  const first = fc.subarray(['basic', 'crew']).map((upstreamModels) => modelRegistered(modelId, { upstreamModels }));
  const later = laterEvent.map((event): Event => ({ ...event, schemaVersion: 1, modelId }));
  return fc.tuple(first, fc.array(later, { maxLength: 8 })).map(([head, rest]) => [head, ...rest]);
}

export type History = ReadonlyMap<string, readonly Event[]>;

export const histories: fc.Arbitrary<History> = fc
  .tuple(...streamIds.map(eventsOf))
  .map((events) => new Map(streamIds.map((streamId, i) => [streamId, events[i] ?? []])));

export function createGraphWorld() {
  return {
    events: createMemoryEventStore(),
    graph: createMemoryGraphStore(),
    database: createMemoryGraphDatabase(),
  } satisfies GraphPorts;
}

/** The stream's commit number `version`, one event in each; in the same minute whenever it is appended. */
export function commitOf(history: History, streamId: string, version: number): NewCommit | undefined {
  const event = history.get(streamId)?.[version - 1];
  if (event === undefined) return undefined;
  const [kind = '', id = '', number = ''] = streamId.split('#');
  const modelId = id.replace(/-[or]1$/, '');
  return {
    streamId,
    expectedVersion: version - 1,
    events: [event],
    state: { modelId, versionCount, retrainCount: 1, rolloutCount: 1 },
    lists: [listOf(kind, modelId, number)],
    actor: systemActor('test'),
    reason: 'it happened',
    occurredAt: minute(version),
  };
}

function listOf(kind: string, modelId: string, number: string) {
  if (kind === 'model') return { list: allModels, sort: modelId };
  if (kind === 'version') return { list: versionsOfModel(modelId), sort: number };
  const list = kind === 'retrain' ? retrainsOfModel(modelId) : rolloutsOfModel(modelId);
  return { list, sort: minute(1) };
}
