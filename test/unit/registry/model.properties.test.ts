import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { decideModel } from '../../../shared/domain/registry/decide-model.ts';
import { evolveModel, foldModel } from '../../../shared/domain/registry/evolve-model.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import type { ModelCommand, ModelEvent } from '../../../shared/domain/registry/model-events.ts';
import * as story from './model-story.ts';

const number = fc.integer({ min: 1, max: 4 });
// Mostly what is open, so that stories get somewhere; now and then what is not.
const id = fc.oneof(
  { weight: 9, arbitrary: fc.constant('the open one') },
  { weight: 1, arbitrary: fc.constant('late-basic-o9') },
);
const causes = fc.uniqueArray(fc.constantFrom('performance', 'drift', 'schedule', 'manual'), { minLength: 1 });

const command: fc.Arbitrary<ModelCommand> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.oneof(
      fc.constant(story.addVersion),
      fc.record({
        type: fc.constant('DeployChampion'),
        version: number,
        trainingDataEnd: fc.constant('2001-01-21T00:00:00.000Z'),
      }),
      fc.constantFrom(story.breach, story.recovery, story.proposeDeprecation),
      fc.record({ type: fc.constant('RequestRetrain'), causes }),
      fc.record({
        type: fc.constant('CloseRetrain'),
        retrainId: id,
        result: fc.constantFrom('candidate', 'failed', 'cancelled'),
      }),
      fc.record({ type: fc.constant('OpenRollout'), candidate: number }),
      fc.record({
        type: fc.constant('ShiftTraffic'),
        rolloutId: id,
        candidatePercent: fc.integer({ min: 0, max: 100 }),
      }),
      fc.record({
        type: fc.constantFrom('RefuseCandidate', 'StartRollback'),
        rolloutId: id,
        reason: fc.constant('worse'),
      }),
      fc.record({ type: fc.constant('CompleteRollback'), rolloutId: id }),
      fc.record({
        type: fc.constant('PromoteCandidate'),
        rolloutId: id,
        trainingDataEnd: fc.constant('2001-02-20T00:00:00.000Z'),
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(story.deprecate, story.retire) },
) as fc.Arbitrary<ModelCommand>;

const commands = fc
  .array(command, { minLength: 1, maxLength: 60, size: 'max' })
  .map((tail) => [...story.serving, story.addVersion, ...tail]);

type Commit = { readonly events: readonly ModelEvent[]; readonly occurredAt: string };
type Step = {
  readonly before: ModelState | undefined;
  readonly after: ModelState;
  readonly command: ModelCommand;
  readonly events: readonly ModelEvent[];
};

function accepted(given: readonly ModelCommand[]) {
  const steps: Step[] = [];
  const commits: Commit[] = [];
  let state: ModelState | undefined;
  given.forEach((command, n) => {
    try {
      const events = decideModel(aimed(command, state), state, story.hour(n));
      const before = state;
      state = events.reduce<ModelState | undefined>((inner, event) => evolveModel(inner, event, story.hour(n)), state);
      steps.push({ before, after: state!, command, events });
      commits.push({ events, occurredAt: story.hour(n) });
    } catch (error) {
      if (!isRunwayError(error)) throw error;
    }
  });
  return { steps, commits, state: state! };
}

function aimed(command: ModelCommand, state: ModelState | undefined): ModelCommand {
  if ('rolloutId' in command && command.rolloutId === 'the open one')
    return { ...command, rolloutId: state?.openRollout?.rolloutId ?? 'none' };
  if ('retrainId' in command && command.retrainId === 'the open one')
    return { ...command, retrainId: state?.openRetrain?.retrainId ?? 'none' };
  return command;
}

const everyStep = (law: (step: Step) => void) =>
  fc.assert(
    fc.property(commands, (given) => accepted(given).steps.forEach(law)),
    { seed: 2001, numRuns: 300 },
  );

describe('whatever commands come', () => {
  it('the weights of the traffic are whole percentages that sum to 100', () => {
    everyStep(({ after: { routing } }) => {
      if (!routing) return;
      expect(routing.arms.reduce((sum, { weightPercent }) => sum + weightPercent, 0)).toBe(100);
      expect(routing.arms.every(({ weightPercent }) => Number.isInteger(weightPercent) && weightPercent >= 0)).toBe(
        true,
      );
    });
  });

  it('every version in the traffic exists, none is listed twice, and the champion is among them', () => {
    everyStep(({ after: { routing, champion, versionCount } }) => {
      for (const listed of [routing?.arms ?? [], routing?.shadows ?? []]) {
        const versions = listed.map(({ version }) => version);
        expect(new Set(versions).size).toBe(versions.length);
        expect(versions.every((version) => version >= 1 && version <= versionCount)).toBe(true);
      }
      expect(routing?.arms.find(({ role }) => role === 'champion')?.version).toBe(champion?.version);
    });
  });

  it('at most one rollout and one retrain are open, and the lifecycle says which', () => {
    everyStep(({ after: { lifecycle, openRollout, openRetrain } }) => {
      expect(openRollout !== undefined).toBe(lifecycle === 'validating' || lifecycle === 'rollback');
      if (openRetrain !== undefined) expect(lifecycle).toBe('retraining');
    });
  });

  it('a rollout opens only when none is', () => {
    everyStep(({ before, events }) => {
      if (events.some(({ type }) => type === 'RolloutOpened')) expect(before?.openRollout).toBeUndefined();
    });
  });

  it('the candidate serves only while its rollout is validating', () => {
    everyStep(({ after: { routing, lifecycle } }) => {
      if (routing?.arms.some(({ role }) => role === 'candidate')) expect(lifecycle).toBe('validating');
    });
  });

  it('at risk means that health said so', () => {
    everyStep(({ after: { lifecycle, health } }) => {
      if (lifecycle === 'at-risk') expect(health.status).toBe('at-risk');
    });
  });

  it('routing generations grow with every change and by nothing else', () => {
    everyStep(({ before, after }) => {
      const isChanged = JSON.stringify(before?.routing) !== JSON.stringify(after.routing);
      expect((after.routing?.generation ?? 0) - (before?.routing?.generation ?? 0)).toBe(isChanged ? 1 : 0);
    });
  });

  it('counters never fall', () => {
    everyStep(({ before, after }) => {
      for (const counter of ['versionCount', 'retrainCount', 'rolloutCount', 'policyVersion'] as const) {
        expect(after[counter]).toBeGreaterThanOrEqual(before?.[counter] ?? 0);
      }
    });
  });

  it('replaying the commits gives the same state, from the beginning or from anywhere', () => {
    fc.assert(
      fc.property(commands, fc.nat(), (given, cut) => {
        const { commits, state } = accepted(given);
        const at = cut % (commits.length + 1);
        expect(foldModel(commits)).toEqual(state);
        expect(foldModel(commits.slice(at), foldModel(commits.slice(0, at)))).toEqual(state);
      }),
      { seed: 2001, numRuns: 200 },
    );
  });
});

it('the stories reach promotion, refusal and rollback, so that the laws above speak of them', () => {
  const seen = new Set<string>();
  everyStep(({ events }) => {
    for (const { type } of events) seen.add(type);
  });
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'VersionPromoted',
      'CandidateRefused',
      'RollbackCompleted',
      'RetrainClosed',
      'TrafficShifted',
      'ModelRetired',
    ]),
  );
});

it('a stream without its registration is no model', () => {
  expect(() =>
    foldModel([
      { events: [{ type: 'VersionAdded', schemaVersion: 1, modelId: 'm', version: 1 }], occurredAt: story.hour(0) },
    ]),
  ).toThrow('before ModelRegistered');
  expect(foldModel([])).toBeUndefined();
});
