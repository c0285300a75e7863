import { describe, expect, it } from 'vitest';
import { decideModel } from '../../../shared/domain/registry/decide-model.ts';
import { decideRollout } from '../../../shared/domain/rollout/decide-rollout.ts';
import { deadEnds, describeExplored, explore, isEndless } from '../../support/explore.ts';
import { hour, startedAt } from '../rollout/flight-rollouts.ts';
import {
  candidatePercent,
  type Deciders,
  deciders,
  hasBreached,
  isActive,
  lastStepOf,
  type RolloutBounds,
  type RolloutWorld,
  rolloutSpace,
} from './rollout-world.ts';

/** A slow canary of two steps. */
const oneCandidate: RolloutBounds = {
  hours: 2,
  judgements: 2,
  steps: [5, 50],
  candidates: [2],
  people: false,
  probes: false,
  others: [],
};
/** A newer candidate may come at any moment. */
const twoCandidates: RolloutBounds = {
  hours: 1,
  judgements: 1,
  steps: [20],
  candidates: [2, 3],
  people: false,
  probes: false,
  others: [],
};

/** A person has to agree to the promotion, and may pause, promote at once, or say nothing until it is too late. */
const withPeople: RolloutBounds = { ...oneCandidate, hours: 1, judgements: 1, steps: [20], people: true };

/** A service is asked whether it loads the candidate. */
const withProbes: RolloutBounds = { ...oneCandidate, hours: 1, judgements: 1, steps: [20], probes: true };

function problem(world: RolloutWorld, before?: RolloutWorld): string | undefined {
  return problemOfState(world) ?? (before && problemOfStep(world, before));
}

function problemOfState({ model, rollouts }: RolloutWorld): string | undefined {
  const all = Object.values(rollouts);
  const active = all.filter(isActive);
  if (active.length > 1) return `${active.length} active rollouts`;
  if (active[0]?.rolloutId !== model.openRollout?.rolloutId)
    return `the model's open rollout is ${model.openRollout?.rolloutId}, active is ${active[0]?.rolloutId}`;
  const { arms = [] } = model.routing ?? {};
  const sum = arms.reduce((total, { weightPercent }) => total + weightPercent, 0);
  if (sum !== 100 || arms.some(({ weightPercent }) => weightPercent < 0)) return `weights sum to ${sum}`;
  if (all.some((rollout) => hasBreached(rollout) && rollout.status === 'promoted')) return 'promoted after a breach';
  const isOnCandidate = arms.some(({ role }) => role === 'candidate');
  if (isOnCandidate && active[0]?.status !== 'canary') return 'a candidate without a canary has traffic';
  return undefined;
}

function problemOfStep(world: RolloutWorld, before: RolloutWorld): string | undefined {
  for (const [id, rollout] of Object.entries(world.rollouts)) {
    const was = before.rollouts[id];
    if (was === rollout || was === undefined) continue;
    if (!isActive(was)) return `${id} changed after its end`;
    if (rollout.status === 'promoted' && rollout.forced === undefined) {
      if (!hasFreshPass(was)) return `${id} was promoted without a fresh pass`;
      if (isUnapproved(was)) return `${id} was promoted without consent`;
    }
    if (hasBreached(was) && candidatePercent(world) > candidatePercent(before)) return `${id} got more after a breach`;
  }
  return undefined;
}

/** Paused, or without the consent that its policy asks for. */
function isUnapproved({ policy, approvals = [], pausedAt }: RolloutWorld['rollouts'][string]): boolean {
  const isAsked = policy.approvals !== undefined;
  return pausedAt !== undefined || (isAsked && approvals.every(({ status }) => status !== 'approved'));
}

/** Said once more, of what was recorded: the last step's newest judgement is a pass from after the step began. */
function hasFreshPass({ judgements, stepStarts = [], ...rollout }: RolloutWorld['rollouts'][string]): boolean {
  const last = judgements.at(-1);
  const began = stepStarts[lastStepOf({ judgements, ...rollout })];
  return (
    last?.verdict === 'pass' &&
    last.step === lastStepOf({ judgements, ...rollout }) &&
    began !== undefined &&
    Date.parse(last.judgedAt) > Date.parse(began)
  );
}

function check(bounds: RolloutBounds, by: Deciders = deciders) {
  const explored = explore(rolloutSpace(bounds, problem, by));
  console.info(describeExplored(`rollouts within ${bounds.hours} hours`, explored));
  return explored;
}

describe('every order of commands to a rollout', () => {
  for (const [name, bounds] of Object.entries({ oneCandidate, twoCandidates, withPeople, withProbes }))
    it(`keeps one active rollout, weights of 100 and fresh passes, and ends a breach in a rollback: ${name}`, () => {
      const explored = check(bounds);
      expect(explored.counterexample).toBeUndefined();
      expect(explored.states.length).toBeGreaterThan(1_000);
      // No way goes round, so that each ends in a dead end; none of these leaves a breach without its rollback.
      expect(isEndless(explored)).toBe(false);
      const ends = deadEnds(explored).map((state) => explored.states[state]!);
      const breached = ends.flatMap(({ rollouts }) => Object.values(rollouts)).filter(hasBreached);
      expect(breached.length).toBeGreaterThan(0);
      // By the failed step, by a person or for a newer candidate: the champion has everything again.
      const isTakenBack = ({ status }: (typeof breached)[number]) =>
        ['rolled-back', 'aborted', 'superseded'].includes(status);
      expect(breached.filter((rollout) => !isTakenBack(rollout))).toEqual([]);
      expect(breached.some(({ status }) => status === 'rolled-back')).toBe(true);
      expect(ends.flatMap(({ rollouts }) => Object.values(rollouts)).filter(isActive)).toEqual([]);
    }, 60_000);
});

describe('a guard that is weakened', () => {
  const weakened: Readonly<Record<string, { readonly by: Partial<Deciders>; readonly finds: string }>> = {
    'a second rollout opens beside the first': {
      finds: 'active rollouts',
      by: {
        decideModel: (command, state, now) => {
          if (command.type !== 'OpenRollout' || state === undefined) return decideModel(command, state, now);
          const { openRollout: _, ...rest } = state;
          return decideModel(command, { ...rest, lifecycle: 'active' }, now);
        },
      },
    },
    "a shift forgets the champion's share": {
      finds: 'weights sum to',
      by: {
        decideModel: (command, state, now) =>
          decideModel(command, state, now).map((event) =>
            event.type === 'TrafficShifted'
              ? {
                  ...event,
                  routing: {
                    ...event.routing,
                    arms: event.routing.arms.map((arm) =>
                      arm.role === 'champion' ? { ...arm, weightPercent: 100 } : arm,
                    ),
                  },
                }
              : event,
          ),
      },
    },
    'a pass of before the step counts': {
      finds: 'without a fresh pass',
      by: {
        decideRollout: (command, state, now) =>
          decideRollout(
            command,
            command.type === 'PromoteRollout' && state?.stepStartedAt !== undefined
              ? { ...state, stepStartedAt: hour(-1) }
              : state,
            now,
          ),
      },
    },
    'a later pass takes a breach back': {
      finds: 'after a breach',
      by: {
        decideRollout: (command, state, now) =>
          decideRollout(
            command,
            command.type === 'RecordJudgement' && state !== undefined
              ? { ...state, judgements: state.judgements.filter(({ verdict }) => verdict !== 'fail') }
              : state,
            now,
          ),
      },
    },
    'nobody has to agree': {
      finds: 'promoted without consent',
      by: {
        decideRollout: (command, state, now) => {
          if (command.type !== 'PromoteRollout' || state === undefined) return decideRollout(command, state, now);
          const { approvals: _, ...policy } = state.policy;
          return decideRollout(command, { ...state, policy }, now);
        },
      },
    },
    'an ended rollout is aborted': {
      finds: 'changed after its end',
      by: {
        decideRollout: (command, state, now) =>
          decideRollout(
            command,
            command.type === 'RefuseRollout' && state?.status === 'aborted'
              ? { ...state, status: 'validating', startedAt }
              : state,
            now,
          ),
        decideModel: (command, state, now) =>
          command.type === 'RefuseCandidate' && state?.openRollout === undefined
            ? []
            : decideModel(command, state, now),
      },
    },
  };

  function boundsOf(name: string): RolloutBounds {
    if (name.startsWith('nobody')) return withPeople;
    return name.includes('second') ? twoCandidates : oneCandidate;
  }

  for (const [name, { by, finds }] of Object.entries(weakened))
    it(`gives a counterexample: ${name}`, () => {
      const { counterexample } = check(boundsOf(name), { ...deciders, ...by });
      expect(counterexample?.problem).toContain(finds);
      expect(counterexample?.trace.length).toBeGreaterThan(0);
    }, 60_000);
});
