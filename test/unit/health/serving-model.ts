import { createMemoryBaselineStore } from '../../../shared/adapters/memory/memory-baseline-store.ts';
import { createMemoryEvaluationStore } from '../../../shared/adapters/memory/memory-evaluation-store.ts';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { systemActor } from '../../../shared/domain/actor.ts';
import type { Baseline } from '../../../shared/domain/health/baseline.ts';
import { foldModel } from '../../../shared/domain/registry/evolve-model.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import type { ModelCommand, ModelEvent } from '../../../shared/domain/registry/model-events.ts';
import { modelLists } from '../../../shared/domain/registry/model-lists.ts';
import { modelRow, modelRows } from '../../../shared/domain/registry/model-row.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { modelStream } from '../../../shared/domain/stream-ids.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import type { BaselineStore } from '../../../shared/ports/baseline-store.ts';
import type { EventStore } from '../../../shared/ports/event-store.ts';
import type { HealthPorts } from '../../../shared/use-cases/health/evaluate-model.ts';
import { createEvaluatedVersions } from '../../../shared/use-cases/health/evaluated-versions.ts';
import { changeModel } from '../../../shared/use-cases/registry/change-model.ts';
import { baselineOf, definition, policyWith, type RecordedHour, recordedMetrics } from './late-flights.ts';

export const registeredAt = '2001-01-22T00:00:00.000Z';
export const deployedAt = '2001-01-22T06:00:00.000Z';
const actor = systemActor('test');

export type World = HealthPorts & {
  /** What was predicted and turned out; grows as the story goes on. */
  readonly baselines: BaselineStore;
  readonly hours: RecordedHour[];
  readonly model: (modelId?: string) => Promise<ModelState>;
};

/** Memory twins with one model, deployed on 22 January, whose baseline is of three weeks before. */
export async function givenServingModel(policy: Policy = policyWith()): Promise<World> {
  const events = createMemoryEventStore();
  await registerModel(events, definition.name, policy);
  await change(events, definition.name, deployedAt, [
    { type: 'AddVersion' },
    { type: 'DeployChampion', version: 1, trainingDataEnd: '2001-01-21T00:00:00.000Z' },
  ]);
  const hours: RecordedHour[] = [];
  const baselines: readonly Baseline[] = [baselineOf(1), baselineOf(2)];
  const store = createMemoryBaselineStore(baselines);
  return {
    hours,
    events,
    metrics: recordedMetrics(hours, baselines),
    baselines: store,
    versions: createEvaluatedVersions(events, store),
    evaluations: createMemoryEvaluationStore(),
    model: async (modelId = definition.name) => {
      const head = await events.head<ModelState>(modelStream(modelId));
      if (head === undefined) throw new Error(`no model ${modelId}`);
      return head.state;
    },
  };
}

export async function registerModel(events: EventStore, modelId: string, policy: Policy = policyWith()): Promise<void> {
  const event: ModelEvent = {
    type: 'ModelRegistered',
    schemaVersion: 1,
    modelId,
    definition: { ...definition, name: modelId },
    policy,
  };
  const state = foldModel([{ events: [event], occurredAt: registeredAt }]);
  if (state === undefined) throw new Error('a registration gives a state');
  await events.append([
    {
      streamId: modelStream(modelId),
      expectedVersion: 0,
      events: [event],
      state,
      lists: modelLists(state),
      row: { list: modelRows, value: modelRow(state) },
      actor,
      reason: 'test',
      occurredAt: registeredAt,
    },
  ]);
}

export async function change(events: EventStore, modelId: string, now: Instant, commands: readonly ModelCommand[]) {
  await changeModel(events, modelId, commands, { actor, now, reason: 'test' });
}
