import type { Instant } from '../time.ts';
import { rememberedChanges } from './dependency-change.ts';
import type { Lifecycle, ModelState } from './model.ts';
import type { ModelEvent } from './model-events.ts';
import { championRouting, promotedRouting } from './routing.ts';
import { upcastPolicy } from './upcast-policy.ts';

type Registered = Extract<ModelEvent, { type: 'ModelRegistered' }>;
type Later = Exclude<ModelEvent, Registered>;

/** State after an event that occurred `at`. Throws when a stream does not begin with its registration. */
export function evolveModel(state: ModelState | undefined, event: ModelEvent, at: Instant): ModelState {
  if (event.type === 'ModelRegistered') return registered(event, at);
  if (state === undefined) throw new Error(`${event.type} before ModelRegistered`);
  return evolved(state, event, at);
}

/** State after all of a stream's commits, in order; undefined without any. */
export function foldModel(
  commits: readonly { readonly events: readonly ModelEvent[]; readonly occurredAt: Instant }[],
  initial?: ModelState,
): ModelState | undefined {
  return commits.reduce<ModelState | undefined>(
    (state, { events, occurredAt }) =>
      events.reduce<ModelState | undefined>((inner, event) => evolveModel(inner, event, occurredAt), state),
    initial,
  );
}

function registered({ modelId, definition, policy }: Registered, at: Instant): ModelState {
  return {
    modelId,
    definition,
    policy: upcastPolicy(policy),
    policyVersion: 1,
    lifecycle: 'registered',
    lifecycleSince: at,
    registeredAt: at,
    health: { status: 'unknown', since: at },
    versionCount: 0,
    retrainCount: 0,
    rolloutCount: 0,
  };
}

function evolved(state: ModelState, event: Later, at: Instant): ModelState {
  switch (event.type) {
    case 'PolicyChanged':
      return { ...state, policy: upcastPolicy(event.policy), policyVersion: event.policyVersion };
    case 'DependencyChanged': {
      const { changeId, uri, change, reason, path } = event;
      const known = [...(state.dependencyChanges ?? []), { changeId, uri, change, reason, path, at }];
      return { ...state, dependencyChanges: known.slice(-rememberedChanges) };
    }
    case 'ConsumersDeclared':
      return { ...state, consumers: event.consumers };
    case 'VersionAdded':
      return { ...state, versionCount: event.version };
    case 'ChampionDeployed': {
      const { version, trainingDataEnd } = event;
      return {
        ...enter(state, 'active', at),
        champion: { version, since: at, trainingDataEnd },
        anchorVersion: version,
        routing: championRouting(state, version, at),
      };
    }
    case 'HealthChanged': {
      const present = event.status === 'healthy' ? withoutProposal(state) : state;
      return { ...enter(present, event.lifecycle, at), health: healthAfter(state.health, event, at) };
    }
    case 'DeprecationProposed': {
      const { since, reason } = event;
      return { ...state, deprecationProposal: { since, proposedAt: at, reason } };
    }
    case 'RetrainOpened': {
      const { retrainId, causes } = event;
      const openRetrain = { retrainId, causes, requestedAt: at };
      return {
        ...enter(state, 'retraining', at),
        openRetrain,
        retrainCount: state.retrainCount + 1,
        lastRetrainRequestedAt: at,
      };
    }
    case 'RetrainCauseAdded':
      return state.openRetrain === undefined
        ? state
        : { ...state, openRetrain: { ...state.openRetrain, causes: [...state.openRetrain.causes, event.cause] } };
    case 'RetrainClosed':
      return enter(withoutRetrain(state), event.lifecycle, at);
    case 'RolloutOpened': {
      const { rolloutId, candidate } = event;
      return {
        ...enter(state, 'validating', at),
        openRollout: { rolloutId, candidate, startedAt: at },
        rolloutCount: state.rolloutCount + 1,
      };
    }
    case 'TrafficShifted':
      return { ...state, routing: event.routing };
    case 'CandidateRefused':
      return enter(withAllTrafficOnChampion(withoutRollout(state), at), event.lifecycle, at);
    case 'RollbackStarted':
      return enter(withAllTrafficOnChampion(state, at), 'rollback', at);
    case 'RollbackCompleted':
      return enter(withoutRollout(state), event.lifecycle, at);
    case 'VersionPromoted': {
      const { version, previous, trainingDataEnd } = event;
      return {
        ...enter(withoutRollout(withoutProposal(state)), 'active', at),
        champion: { version, since: at, trainingDataEnd, previous },
        anchorVersion: state.anchorVersion ?? previous,
        routing: promotedRouting(state, event, at),
        // What was measured was measured on the version that is gone.
        health: { status: 'unknown', since: at },
      };
    }
    case 'ChampionWithdrawn': {
      const { version, restored, trainingDataEnd, reason, lifecycle } = event;
      return {
        ...enter(withoutProposal(state), lifecycle, at),
        champion: { version: restored, since: at, trainingDataEnd },
        routing: championRouting(state, restored, at),
        withdrawal: { version, restored, withdrawnAt: at, reason },
        health: { status: 'unknown', since: at },
      };
    }
    case 'ModelDeprecated':
      return enter(withoutProposal(state), 'deprecated', at);
    case 'ModelRetired':
      return enter(state, 'retired', at);
  }
}

/** Causes gather until the model recovers, so that one which comes and goes is told once. */
function healthAfter(before: ModelState['health'], event: Extract<Later, { type: 'HealthChanged' }>, at: Instant) {
  const { status, evaluationId, causes } = event;
  if (status !== before.status) return { status, since: at, evaluationId, causes };
  return { ...before, evaluationId, causes: [...new Set([...(before.causes ?? []), ...causes])] };
}

function enter(state: ModelState, lifecycle: Lifecycle, at: Instant): ModelState {
  return state.lifecycle === lifecycle ? state : { ...state, lifecycle, lifecycleSince: at };
}

function withoutRetrain({ openRetrain: _closed, ...rest }: ModelState): ModelState {
  return rest;
}

function withoutProposal({ deprecationProposal: _withdrawn, ...rest }: ModelState): ModelState {
  return rest;
}

function withoutRollout({ openRollout: _closed, ...rest }: ModelState): ModelState {
  return rest;
}

function withAllTrafficOnChampion(state: ModelState, at: Instant): ModelState {
  const isShifted = state.routing?.rolloutId !== undefined;
  return isShifted && state.champion
    ? { ...state, routing: championRouting(state, state.champion.version, at) }
    : state;
}
