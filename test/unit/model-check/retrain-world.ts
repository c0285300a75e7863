import { systemActor } from '../../../shared/domain/actor.ts';
import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import { illegalTransition } from '../../../shared/domain/errors.ts';
import { decideModel } from '../../../shared/domain/registry/decide-model.ts';
import { evolveModel } from '../../../shared/domain/registry/evolve-model.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import type { ModelCommand } from '../../../shared/domain/registry/model-events.ts';
import { decideRetrain } from '../../../shared/domain/retraining/decide-retrain.ts';
import { evolveRetrain } from '../../../shared/domain/retraining/evolve-retrain.ts';
import { manualTrigger } from '../../../shared/domain/retraining/manual-trigger.ts';
import type { RetrainState } from '../../../shared/domain/retraining/retrain.ts';
import type { RetrainCommand } from '../../../shared/domain/retraining/retrain-events.ts';
import {
  decideSlots,
  evolveSlots,
  noSlots,
  type RetrainingSlots,
  type SlotCommand,
} from '../../../shared/domain/retraining/slots.ts';
import { retrainIdOf, rolloutIdOf } from '../../../shared/domain/stream-ids.ts';
import { type Action, createKeys, type Space } from '../../support/explore.ts';
import { deployedModel, registeredAt as now } from '../retraining/flight-models.ts';
import { operatorsCommands } from './operators-commands.ts';

/** Models, their retrains and the slots, as their streams' heads say. */
export type RetrainWorld = {
  readonly models: Readonly<Record<string, ModelState>>;
  readonly retrains: Readonly<Record<string, RetrainState>>;
  readonly slots: RetrainingSlots;
  /** How often each retrain ended, counted from its events. */
  readonly ends: Readonly<Record<string, number>>;
};

export type RetrainDeciders = {
  readonly decideRetrain: typeof decideRetrain;
  readonly decideModel: typeof decideModel;
  readonly decideSlots: typeof decideSlots;
};
export const retrainDeciders: RetrainDeciders = { decideRetrain, decideModel, decideSlots };

export type RetrainBounds = {
  readonly models: readonly string[];
  readonly retrainsPerModel: number;
  readonly requeues: number;
  /** Of tasks that wait for the training. */
  readonly taskTokens: readonly string[];
  /** Whether people hold, release, bump, and attach runs. */
  readonly people: boolean;
  readonly limit: number;
  readonly teamLimit: number;
};

/** Commands that are appended together or not at all, as the use cases do. */
export type Transaction = {
  readonly name: string;
  readonly retrain: RetrainCommand;
  readonly slot?: SlotCommand;
  readonly model?: readonly ModelCommand[];
};
type About = { readonly retrainId: string; readonly model: ModelState; readonly bounds: RetrainBounds };

const trigger = manualTrigger(deployedModel(), systemActor('test'), 'now', now);
const holdout = { uri: 's3://artifacts/holdout.ndjson', digest: `sha256:${'0'.repeat(64)}` };
const reason = 'because';

/** Which transactions bear a command; a command that is added must be added here. */
export type Commands = { readonly [T in RetrainCommand['type']]: (about: About) => readonly Transaction[] };

const commands: Commands = {
  RequestRetrain: ({ retrainId, model: { modelId, definition } }) => [
    {
      name: 'is requested',
      retrain: {
        type: 'RequestRetrain',
        retrainId,
        modelId,
        team: definition.team,
        tier: definition.tier,
        stalenessScore: null,
        triggers: [trigger],
      },
      model: [{ type: 'RequestRetrain', causes: ['manual'] }],
    },
  ],
  AddTrigger: () => [
    {
      name: 'gets another cause',
      retrain: { type: 'AddTrigger', trigger: { ...trigger, cause: 'drift' } },
      model: [{ type: 'RequestRetrain', causes: ['drift'] }],
    },
  ],
  ...operatorsCommands,
  StartRetrain: ({ retrainId, model, bounds: { limit, teamLimit } }) => [
    {
      name: 'starts',
      retrain: { type: 'StartRetrain', trainingTimeoutSeconds: 3_600 },
      slot: { type: 'TakeSlot', retrainId, team: model.definition.team, limit, teamLimit },
    },
  ],
  AwaitTraining: ({ bounds: { taskTokens } }) =>
    taskTokens.map((taskToken) => ({
      name: `is awaited by the ${taskToken} task`,
      retrain: { type: 'AwaitTraining', taskToken },
    })),
  AskTrainingAgain: () => [{ name: 'is asked for again', retrain: { type: 'AskTrainingAgain' } }],
  RecordRun: () => [
    {
      name: 'has a run',
      retrain: {
        type: 'RecordRun',
        run: { connection: 'maestro', pipeline: 'train', id: 'run-1', requestedAt: now },
      },
    },
  ],
  RequeueRetrain: ({ retrainId }) => [
    {
      name: 'goes back to the queue',
      retrain: { type: 'RequeueRetrain', reason },
      slot: { type: 'ReleaseSlot', retrainId },
    },
  ],
  CompleteTraining: () => [
    {
      name: 'is trained',
      retrain: { type: 'CompleteTraining', completion: { status: 'succeeded', modelVersion: 2, holdout } },
    },
    {
      name: 'fails to train',
      retrain: { type: 'CompleteTraining', completion: { status: 'failed', error: 'no data' } },
    },
  ],
  SucceedRetrain: ({ retrainId, model: { modelId, rolloutCount } }) => {
    const rolloutId = rolloutIdOf(modelId, rolloutCount + 1);
    return [
      {
        name: 'succeeds',
        retrain: { type: 'SucceedRetrain', rolloutId },
        slot: { type: 'ReleaseSlot', retrainId },
        model: [
          { type: 'CloseRetrain', retrainId, result: 'candidate' },
          { type: 'OpenRollout', candidate: 2 },
          { type: 'RefuseCandidate', rolloutId, reason },
        ],
      },
    ];
  },
  FailRetrain: ({ retrainId }) => [
    {
      name: 'fails',
      retrain: { type: 'FailRetrain', reason },
      slot: { type: 'ReleaseSlot', retrainId },
      model: [{ type: 'CloseRetrain', retrainId, result: 'failed' }],
    },
  ],
  CancelRetrain: ({ retrainId }) => [
    {
      name: 'is cancelled',
      retrain: { type: 'CancelRetrain', reason },
      slot: { type: 'ReleaseSlot', retrainId },
      model: [{ type: 'CloseRetrain', retrainId, result: 'cancelled' }],
    },
  ],
};

/** Every command in every state, for each retrain that there is, was, or may come. */
export function retrainSpace(
  bounds: RetrainBounds,
  problem: Space<RetrainWorld>['problem'],
  by: RetrainDeciders = retrainDeciders,
): Space<RetrainWorld> {
  const models = Object.fromEntries(
    bounds.models.map((modelId) => [modelId, deployedModel({ modelId, versionCount: 2 })]),
  );
  return {
    initial: { models, retrains: {}, slots: noSlots, ends: {} },
    actions: (world) => actionsOf(world, bounds, by),
    keyOf: ({ models: heads, retrains, slots, ends }) =>
      [
        ...Object.values(heads).map(modelKey),
        ...Object.values(retrains)
          .map(bounds.retrainsPerModel > 1 ? briefKey : retrainKey)
          .sort(),
        slotsKey(slots),
        endsKey(ends),
      ].join(),
    problem,
  };
}

function* actionsOf(world: RetrainWorld, bounds: RetrainBounds, by: RetrainDeciders): Iterable<Action<RetrainWorld>> {
  for (const model of Object.values(world.models)) {
    const { modelId, retrainCount } = model;
    for (let count = 1; count <= Math.min(retrainCount + 1, bounds.retrainsPerModel); count += 1) {
      const retrainId = retrainIdOf(modelId, count);
      const isWornOut = (world.retrains[retrainId]?.requeues ?? 0) >= bounds.requeues;
      for (const [type, transactionsOf] of Object.entries(commands)) {
        if (type === 'RequeueRetrain' && isWornOut) continue;
        for (const transaction of transactionsOf({ retrainId, model, bounds }))
          yield {
            name: `${retrainId} ${transaction.name}`,
            run: () => apply(world, { ...transaction, retrainId, modelId }, by),
          };
      }
    }
  }
}

function apply(
  world: RetrainWorld,
  { retrainId, modelId, retrain, slot, model = [] }: Transaction & { retrainId: string; modelId: string },
  by: RetrainDeciders,
): RetrainWorld {
  const before = world.retrains[retrainId];
  const events = by.decideRetrain(retrain, before, now);
  const after = events.reduce<RetrainState | undefined>(evolveRetrain, before);
  const changed = model.reduce<ModelState>(
    (state, command) =>
      by.decideModel(command, state, now).reduce<ModelState>((inner, event) => evolveModel(inner, event, now), state),
    world.models[modelId]!,
  );
  // The id of a retrain is the one that the model gives it.
  if (retrain.type === 'RequestRetrain' && changed.openRetrain?.retrainId !== retrainId)
    throw illegalTransition(retrain.type, `with ${changed.openRetrain?.retrainId} open`, `${retrainId} open`);
  const slots = slot ? by.decideSlots(slot, world.slots).reduce(evolveSlots, world.slots) : world.slots;
  if (after === before && slots === world.slots && changed === world.models[modelId]) return world;
  const ends = events.filter(({ type }) => endings.includes(type)).length;
  return {
    models: { ...world.models, [modelId]: changed },
    retrains: after === undefined ? world.retrains : { ...world.retrains, [retrainId]: after },
    slots,
    ends: ends === 0 ? world.ends : { ...world.ends, [retrainId]: (world.ends[retrainId] ?? 0) + ends },
  };
}

const endings: readonly string[] = ['RetrainSucceeded', 'RetrainFailed', 'RetrainCancelled'];

const modelKey = createKeys(({ definition: _, policy: __, ...state }: ModelState) => canonicalJson(state));
const retrainKey = createKeys(({ triggers, ...state }: RetrainState) =>
  canonicalJson({ ...state, triggers: triggers.map(({ cause }) => cause) }),
);
// That only the run left behind changes after the end is what the models with one retrain each show.
const briefKey = (state: RetrainState) =>
  state.endedAt === undefined ? retrainKey(state) : `${state.retrainId} ${state.status}`;
const slotsKey = createKeys((state: RetrainingSlots) => canonicalJson(state));
const endsKey = createKeys((ends: RetrainWorld['ends']) => canonicalJson(ends));
