import { canonicalJson } from '../canonical-json.ts';
import { illegalTransition, RunwayError } from '../errors.ts';
import { retrainIdOf, rolloutIdOf } from '../stream-ids.ts';
import type { Instant } from '../time.ts';
import type { Lifecycle, ModelState } from './model.ts';
import type { ModelCommand, ModelEvent } from './model-events.ts';
import { proposeByRule, proposeDeprecation } from './propose-deprecation.ts';
import { restoredVersion } from './restored-version.ts';
import { canaryRouting } from './routing.ts';

type Command<T extends ModelCommand['type']> = Extract<ModelCommand, { type: T }>;

const serving: readonly Lifecycle[] = ['active', 'monitoring', 'at-risk'];
const evaluated: readonly Lifecycle[] = [...serving, 'retraining', 'validating', 'rollback'];

/**
 * What happens when a command meets a model. No event: nothing changes. Throws `IllegalTransition` naming the present
 * state and the expected one, `AlreadyExists` for a second registration, `InvalidRequest` for a version or a percentage
 * that cannot be.
 */
export function decideModel(command: ModelCommand, state: ModelState | undefined, now: Instant): readonly ModelEvent[] {
  if (command.type === 'RegisterModel') return registerModel(command, state);
  if (state === undefined) throw illegalTransition(command.type, 'unregistered', 'a registered model');
  return decideRegistered(command, state, now);
}

function decideRegistered(
  command: Exclude<ModelCommand, { type: 'RegisterModel' }>,
  state: ModelState,
  now: Instant,
): readonly ModelEvent[] {
  switch (command.type) {
    case 'ChangePolicy':
      return changePolicy(command, state);
    case 'DeclareConsumers':
      return declareConsumers(command, state);
    case 'AddVersion':
      refuseIn(['deprecated', 'retired'], command, state);
      return [{ ...about(state), type: 'VersionAdded', version: state.versionCount + 1 }];
    case 'DeployChampion':
      return deployChampion(command, state);
    case 'ReportHealth':
      return reportHealth(command, state);
    case 'ProposeDeprecation':
      expectIn(evaluated, command, state);
      return command.reason === undefined ? proposeDeprecation(state, now) : proposeByRule(state, command.reason, now);
    case 'RequestRetrain':
      return requestRetrain(command, state);
    case 'CloseRetrain':
      return closeRetrain(command, state);
    case 'OpenRollout':
      return openRollout(command, state);
    case 'ShiftTraffic':
      return shiftTraffic(command, state, now);
    case 'RefuseCandidate': {
      const { rolloutId, candidate } = rolloutIn('validating', command, state);
      return [
        {
          ...about(state),
          type: 'CandidateRefused',
          rolloutId,
          candidate,
          reason: command.reason,
          lifecycle: byHealth(state),
        },
      ];
    }
    case 'StartRollback': {
      const { rolloutId, candidate } = rolloutIn('validating', command, state);
      return [{ ...about(state), type: 'RollbackStarted', rolloutId, candidate, reason: command.reason }];
    }
    case 'CompleteRollback': {
      const { rolloutId } = rolloutIn('rollback', command, state);
      return [{ ...about(state), type: 'RollbackCompleted', rolloutId, lifecycle: byHealth(state) }];
    }
    case 'PromoteCandidate': {
      const { rolloutId, candidate, champion } = rolloutIn('validating', command, state);
      const { trainingDataEnd } = command;
      return [
        {
          ...about(state),
          type: 'VersionPromoted',
          rolloutId,
          version: candidate,
          previous: champion,
          trainingDataEnd,
        },
      ];
    }
    case 'WithdrawChampion':
      return withdrawChampion(command, state);
    case 'ReportDependencyChange':
      return reportDependencyChange(command, state);
    case 'Deprecate':
      expectIn(serving, command, state);
      return [{ ...about(state), type: 'ModelDeprecated', reason: command.reason }];
    case 'Retire':
      expectIn(['deprecated'], command, state);
      return [{ ...about(state), type: 'ModelRetired', reason: command.reason }];
  }
}

/** Nobody answers for what is retired; what is known is no news. */
function reportDependencyChange(
  { type: _type, ...change }: Command<'ReportDependencyChange'>,
  { lifecycle, modelId, dependencyChanges = [] }: ModelState,
): readonly ModelEvent[] {
  const isKnown = dependencyChanges.some(({ changeId }) => changeId === change.changeId);
  if (lifecycle === 'retired' || isKnown) return [];
  return [{ type: 'DependencyChanged', schemaVersion: 1, modelId, ...change }];
}

function registerModel(
  { definition, policy }: Command<'RegisterModel'>,
  state: ModelState | undefined,
): readonly ModelEvent[] {
  if (state !== undefined)
    throw new RunwayError('AlreadyExists', 'model-exists', `model ${definition.name} exists already`);
  return [{ type: 'ModelRegistered', schemaVersion: 1, modelId: definition.name, definition, policy }];
}

function changePolicy(command: Command<'ChangePolicy'>, state: ModelState): readonly ModelEvent[] {
  refuseIn(['retired'], command, state);
  if (canonicalJson(command.policy) === canonicalJson(state.policy)) return [];
  return [{ ...about(state), type: 'PolicyChanged', policy: command.policy, policyVersion: state.policyVersion + 1 }];
}

function declareConsumers(command: Command<'DeclareConsumers'>, state: ModelState): readonly ModelEvent[] {
  refuseIn(['retired'], command, state);
  const consumers = command.consumers.toSorted((a, b) => (a.service < b.service ? -1 : 1));
  if (canonicalJson(consumers) === canonicalJson(state.consumers ?? [])) return [];
  return [{ ...about(state), type: 'ConsumersDeclared', consumers }];
}

function deployChampion(command: Command<'DeployChampion'>, state: ModelState): readonly ModelEvent[] {
  expectIn(['registered'], command, state);
  const { version, trainingDataEnd } = command;
  expectVersion(version, state);
  return [{ ...about(state), type: 'ChampionDeployed', version, trainingDataEnd }];
}

function reportHealth(command: Command<'ReportHealth'>, state: ModelState): readonly ModelEvent[] {
  expectIn(evaluated, command, state);
  const { status, evaluationId, causes } = command;
  const known = state.health.causes ?? [];
  // A further cause is news: what is done about drift may differ from what was done about the score.
  const isNews = status !== state.health.status || causes.some((cause) => !known.includes(cause));
  if (!isNews) return [];
  // A retrain or a rollout on its way is not interrupted by a verdict; how it ends depends on it.
  const lifecycle = serving.includes(state.lifecycle) ? lifecycleOf(status) : state.lifecycle;
  return [{ ...about(state), type: 'HealthChanged', status, evaluationId, causes, lifecycle }];
}

function requestRetrain(command: Command<'RequestRetrain'>, state: ModelState): readonly ModelEvent[] {
  const causes = [...new Set(command.causes)];
  const open = state.openRetrain;
  if (open !== undefined) {
    const added = causes.filter((cause) => !open.causes.includes(cause));
    return added.map((cause) => ({ ...about(state), type: 'RetrainCauseAdded', retrainId: open.retrainId, cause }));
  }
  expectIn(serving, command, state);
  if (causes.length === 0)
    throw new RunwayError('InvalidRequest', 'no-cause', 'a retrain without a cause, expected at least one');
  return [
    { ...about(state), type: 'RetrainOpened', retrainId: retrainIdOf(state.modelId, state.retrainCount + 1), causes },
  ];
}

function closeRetrain(command: Command<'CloseRetrain'>, state: ModelState): readonly ModelEvent[] {
  const { retrainId, result } = command;
  if (state.openRetrain?.retrainId !== retrainId) {
    throw illegalTransition(
      command.type,
      `with ${state.openRetrain?.retrainId ?? 'no retrain'} open`,
      `${retrainId} open`,
    );
  }
  // A candidate's rollout is opened in the same append and gives the next lifecycle.
  return [
    {
      ...about(state),
      type: 'RetrainClosed',
      retrainId,
      result,
      lifecycle: result === 'candidate' ? 'retraining' : byHealth(state),
    },
  ];
}

function openRollout(command: Command<'OpenRollout'>, state: ModelState): readonly ModelEvent[] {
  expectIn([...serving, 'retraining'], command, state);
  if (state.openRetrain !== undefined)
    throw illegalTransition(command.type, `with ${state.openRetrain.retrainId} open`, 'no open retrain');
  const { candidate } = command;
  expectVersion(candidate, state);
  if (candidate === state.champion?.version)
    throw illegalTransition(command.type, `where ${candidate} is the champion`, 'another version');
  return [
    {
      ...about(state),
      type: 'RolloutOpened',
      rolloutId: rolloutIdOf(state.modelId, state.rolloutCount + 1),
      candidate,
    },
  ];
}

function shiftTraffic(command: Command<'ShiftTraffic'>, state: ModelState, now: Instant): readonly ModelEvent[] {
  const rollout = rolloutIn('validating', command, state);
  const { candidatePercent } = command;
  if (!Number.isInteger(candidatePercent) || candidatePercent < 0 || candidatePercent > 100) {
    throw new RunwayError(
      'InvalidRequest',
      'invalid-percent',
      `traffic of ${candidatePercent} percent, expected a whole number from 0 to 100`,
    );
  }
  const present =
    state.routing?.rolloutId === rollout.rolloutId
      ? state.routing.arms.find(({ role }) => role === 'candidate')
      : undefined;
  if (present?.weightPercent === candidatePercent) return [];
  return [{ ...about(state), type: 'TrafficShifted', routing: canaryRouting(state, rollout, candidatePercent, now) }];
}

function withdrawChampion(command: Command<'WithdrawChampion'>, state: ModelState): readonly ModelEvent[] {
  const { version, to, trainingDataEnd, reason } = command;
  if (state.withdrawal?.version === version && state.champion?.version === state.withdrawal.restored) return [];
  expectIn([...serving, 'retraining'], command, state);
  if (state.champion?.version !== version)
    throw illegalTransition(command.type, `where ${state.champion?.version} is the champion`, `champion ${version}`);
  const restored = restoredVersion(state, to);
  expectVersion(restored, state);
  // A retrain on its way goes on; what it gives is held against the restored version.
  const lifecycle = state.openRetrain === undefined ? 'active' : state.lifecycle;
  return [{ ...about(state), type: 'ChampionWithdrawn', version, restored, trainingDataEnd, reason, lifecycle }];
}

function about(state: ModelState): { readonly schemaVersion: 1; readonly modelId: string } {
  return { schemaVersion: 1, modelId: state.modelId };
}

function lifecycleOf(health: ModelState['health']['status']): Lifecycle {
  if (health === 'at-risk') return 'at-risk';
  return health === 'healthy' ? 'monitoring' : 'active';
}

function byHealth(state: ModelState): Lifecycle {
  return lifecycleOf(state.health.status);
}

function expectIn(expected: readonly Lifecycle[], command: ModelCommand, state: ModelState): void {
  if (!expected.includes(state.lifecycle))
    throw illegalTransition(command.type, state.lifecycle, expected.join(' or '));
}

function refuseIn(refused: readonly Lifecycle[], command: ModelCommand, state: ModelState): void {
  if (refused.includes(state.lifecycle))
    throw illegalTransition(command.type, state.lifecycle, `neither ${refused.join(' nor ')}`);
}

function expectVersion(version: number, state: ModelState): void {
  if (Number.isInteger(version) && version >= 1 && version <= state.versionCount) return;
  throw new RunwayError(
    'InvalidRequest',
    'unknown-version',
    `version ${version} of ${state.modelId}, expected 1 to ${state.versionCount}`,
  );
}

function rolloutIn(lifecycle: Lifecycle, command: ModelCommand & { readonly rolloutId: string }, state: ModelState) {
  expectIn([lifecycle], command, state);
  const { openRollout: open, champion } = state;
  if (open?.rolloutId !== command.rolloutId || champion === undefined) {
    throw illegalTransition(command.type, `with ${open?.rolloutId ?? 'no rollout'} open`, `${command.rolloutId} open`);
  }
  return { rolloutId: open.rolloutId, candidate: open.candidate, champion: champion.version };
}
