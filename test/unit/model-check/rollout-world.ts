import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import { decideModel } from '../../../shared/domain/registry/decide-model.ts';
import { evolveModel } from '../../../shared/domain/registry/evolve-model.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import type { ModelCommand } from '../../../shared/domain/registry/model-events.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { decideRollout } from '../../../shared/domain/rollout/decide-rollout.ts';
import { evolveRollout } from '../../../shared/domain/rollout/evolve-rollout.ts';
import { canarySteps, type RolloutState, type Verdict } from '../../../shared/domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../../shared/domain/rollout/rollout-events.ts';
import { rolloutIdOf } from '../../../shared/domain/stream-ids.ts';
import { type Action, createKeys, type Space } from '../../support/explore.ts';
import { deployedModel } from '../retraining/flight-models.ts';
import { hour, noPairs } from '../rollout/flight-rollouts.ts';
import { othersCommands } from './others-commands.ts';
import { endings } from './rollout-endings.ts';

/** A model and its rollouts, as their streams' heads say. */
export type RolloutWorld = {
  readonly clock: number;
  readonly model: ModelState;
  readonly rollouts: Readonly<Record<string, RolloutState>>;
};

/** What decides; a test weakens one of them to see the check fail. */
export type Deciders = {
  readonly decideRollout: typeof decideRollout;
  readonly decideModel: typeof decideModel;
};
export const deciders: Deciders = { decideRollout, decideModel };

export type RolloutBounds = {
  readonly hours: number;
  /** Judgements of a rollout; a breach comes whenever it likes. */
  readonly judgements: number;
  /** Shares of the traffic before the last 100. */
  readonly steps: readonly number[];
  /** Versions that become candidates, one after the other or at once. */
  readonly candidates: readonly number[];
  /** Whether people approve, pause and promote. */
  readonly people: boolean;
  /** Whether consuming services are asked whether they load the candidate. */
  readonly probes: boolean;
  /** Commands to the model that belong to no rollout. */
  readonly others: readonly ModelCommand[];
};

/** Commands that are appended together or not at all, as the use cases do. */
export type Transaction = {
  readonly name: string;
  readonly rolloutId: string;
  readonly rollout?: RolloutCommand;
  readonly model?: readonly ModelCommand[];
};

const modelId = 'late-basic';
const verdicts: readonly Verdict[] = ['pass', 'inconclusive', 'fail'];
const reason = 'because';

/** Every command in every state, for each rollout there is or was, at the present hour or, by a slow worker, an earlier one. */
export function rolloutSpace(
  bounds: RolloutBounds,
  problem: Space<RolloutWorld>['problem'],
  by: Deciders = deciders,
): Space<RolloutWorld> {
  const model = deployedModel({ versionCount: 1 + bounds.candidates.length, policy: policyOf(bounds) });
  return {
    initial: { clock: 0, model, rollouts: {} },
    actions: (world) => actionsOf(world, bounds, by),
    keyOf: ({ clock, model: state, rollouts }) =>
      [
        clock,
        modelKey(state),
        ...Object.values(rollouts).map(bounds.candidates.length > 1 ? briefKey : rolloutKey),
      ].join(),
    problem,
  };
}

export function apply(
  world: RolloutWorld,
  { rolloutId, rollout, model = [] }: Transaction,
  by: Deciders,
): RolloutWorld {
  const now = hour(world.clock);
  const before = world.rollouts[rolloutId];
  const after = rollout
    ? by.decideRollout(rollout, before, now).reduce<RolloutState | undefined>(evolveRollout, before)
    : before;
  const changed = model.reduce<ModelState>(
    (state, command) =>
      by.decideModel(command, state, now).reduce<ModelState>((inner, event) => evolveModel(inner, event, now), state),
    world.model,
  );
  if (after === before && changed === world.model) return world;
  const rollouts = after === before || after === undefined ? world.rollouts : { ...world.rollouts, [rolloutId]: after };
  return { ...world, model: changed, rollouts };
}

/** Which transactions bear a command; a command that is added must be added here. */
export type Commands = {
  readonly [T in RolloutCommand['type']]: (
    world: RolloutWorld,
    bounds: RolloutBounds,
    rolloutId: string,
  ) => readonly Transaction[];
};

const commands: Commands = {
  ...othersCommands,
  StartRollout: ({ model }, { candidates }, rolloutId) =>
    candidates.map((candidate) => ({
      name: `start ${rolloutId} of version ${candidate}`,
      rolloutId,
      rollout: {
        type: 'StartRollout',
        rolloutId,
        modelId,
        champion: model.champion!.version,
        candidate,
        requestedBy: ['requester'],
        policy: model.policy.rollout,
        validationPolicy: model.policy.validation,
      },
      model: [{ type: 'OpenRollout', candidate }],
    })),
  RecordLoadability: (_, bounds, rolloutId) =>
    gateVerdicts(bounds).map((verdict) => ({
      name: `${rolloutId} loads: ${verdict}`,
      rolloutId,
      rollout: { type: 'RecordLoadability', verdict, reason },
    })),
  RecordValidation: (_, bounds, rolloutId) =>
    gateVerdicts(bounds).map((verdict) => ({
      name: `${rolloutId} is validated: ${verdict}`,
      rolloutId,
      rollout: { type: 'RecordValidation', verdict, paired: noPairs, reason },
    })),
  StartStep: (_, { steps }, rolloutId) =>
    [...steps.keys(), steps.length].map((step) => ({
      name: `${rolloutId} starts step ${step}`,
      rolloutId,
      rollout: { type: 'StartStep', step },
      model: [{ type: 'ShiftTraffic', rolloutId, candidatePercent: steps[step] ?? 100 }],
    })),
  RecordJudgement: ({ clock, rollouts }, { steps, judgements }, rolloutId) =>
    [...steps.entries()].flatMap(([step, percent]) =>
      Array.from({ length: clock + 1 }, (_, at) => at).flatMap((at) =>
        verdictsLeft(rollouts[rolloutId], judgements).map((verdict) => ({
          name: `${rolloutId} is judged at step ${step}, hour ${at}: ${verdict}`,
          rolloutId,
          rollout: {
            type: 'RecordJudgement' as const,
            judgement: { step, percent, judgedAt: hour(at), verdict, paired: noPairs, reason },
          },
        })),
      ),
    ),
  PromoteRollout: ({ model }, _, rolloutId) => [endings(rolloutId, model.champion!.trainingDataEnd).promote],
  RefuseRollout: (_, __, rolloutId) => [endings(rolloutId, '').refuse],
  RollBackRollout: (_, __, rolloutId) => [endings(rolloutId, '').startRollback, endings(rolloutId, '').rollBack],
  AbortRollout: (_, __, rolloutId) => [endings(rolloutId, '').abort, endings(rolloutId, '').abortBeforeTraffic],
};

/** Anything but a pass refuses; with several candidates one such verdict stands for both. */
function gateVerdicts({ candidates }: RolloutBounds): readonly Verdict[] {
  return candidates.length > 1 ? ['pass', 'fail'] : verdicts;
}

function verdictsLeft(rollout: RolloutState | undefined, most: number): readonly Verdict[] {
  return (rollout?.judgements.length ?? 0) < most ? verdicts : ['fail'];
}

function* actionsOf(world: RolloutWorld, bounds: RolloutBounds, by: Deciders): Iterable<Action<RolloutWorld>> {
  if (world.clock < bounds.hours) yield { name: 'an hour passes', run: () => ({ ...world, clock: world.clock + 1 }) };
  const count = Object.keys(world.rollouts).length;
  const ids = Array.from({ length: Math.min(count + 1, bounds.candidates.length) }, (_, index) =>
    rolloutIdOf(modelId, index + 1),
  );
  for (const rolloutId of ids)
    for (const transactionsOf of commandsFor(world, rolloutId))
      for (const transaction of transactionsOf(world, bounds, rolloutId))
        yield { name: transaction.name, run: () => apply(world, transaction, by) };
  for (const command of bounds.others) {
    const transaction = { name: command.type, rolloutId: '', model: [command] };
    yield { name: command.type, run: () => apply(world, transaction, by) };
  }
}

/** That nothing but a start is possible before it is tried once, not in every state of the others. */
function commandsFor({ clock, rollouts }: RolloutWorld, rolloutId: string) {
  const isAll = clock === 0 || rollouts[rolloutId] !== undefined;
  return isAll ? Object.values(commands) : [commands.StartRollout];
}

function policyOf({ steps, people }: RolloutBounds): Policy {
  const { policy } = deployedModel();
  const approvals = {
    before: ['promotion' as const],
    expiryHours: 1,
    onExpiry: 'roll-back' as const,
    reminderHours: 1,
  };
  const hold = { holdHours: 1, maximumHoldHours: 2, onNewerCandidate: 'supersede' as const };
  return { ...policy, rollout: { ...policy.rollout, ...hold, steps: [...steps, 100], ...(people && { approvals }) } };
}

/** Of the newest routing; the promoted and the rolled back have one version with everything. */
export function candidatePercent({ model }: RolloutWorld): number {
  return model.routing?.arms.find(({ role }) => role === 'candidate')?.weightPercent ?? 0;
}

export function isActive({ status }: RolloutState): boolean {
  return status === 'validating' || status === 'canary';
}

export function hasBreached({ judgements }: RolloutState): boolean {
  return judgements.some(({ verdict }) => verdict === 'fail');
}

export function lastStepOf({ policy }: RolloutState): number {
  return canarySteps(policy).length - 1;
}

/** Policies do not change within a bounded model. */
const modelKey = createKeys(({ definition: _, policy: __, ...state }: ModelState) => canonicalJson(state));
// That nothing changes one that has ended is what the model of a single candidate shows.
const briefKey = (rollout: RolloutState) =>
  isActive(rollout) ? rolloutKey(rollout) : `${rollout.rolloutId} ${rollout.status} ${hasBreached(rollout)}`;
const rolloutKey = createKeys(({ policy: _, validationPolicy: __, ...state }: RolloutState) => canonicalJson(state));
