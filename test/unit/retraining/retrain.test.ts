import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { decideRetrain } from '../../../shared/domain/retraining/decide-retrain.ts';
import { evolveRetrain } from '../../../shared/domain/retraining/evolve-retrain.ts';
import { type RetrainState, retrainIdOfRun, runIdOf } from '../../../shared/domain/retraining/retrain.ts';
import type { RetrainCommand, RetrainEvent } from '../../../shared/domain/retraining/retrain-events.ts';
import { day } from './flight-models.ts';

const drift = { cause: 'drift', decidedAt: day(5), policyVersion: 1, inputs: {}, reason: 'psi 0.31' } as const;
const manual = { ...drift, cause: 'manual', reason: 'asked by ada' } as const;
const holdout = { uri: 's3://artifacts/holdout.ndjson', digest: 'sha256:aa' };
const candidate = { status: 'succeeded', modelVersion: 2, holdout } as const;
const request: RetrainCommand = {
  type: 'RequestRetrain',
  retrainId: 'late-basic-r1',
  modelId: 'late-basic',
  team: 'punctuality',
  tier: 2,
  stalenessScore: 0.8,
  triggers: [drift],
};
const start: RetrainCommand = { type: 'StartRetrain', trainingTimeoutSeconds: 3_600 };
const awaitTraining: RetrainCommand = { type: 'AwaitTraining', taskToken: 't1' };
const complete: RetrainCommand = { type: 'CompleteTraining', completion: candidate };

function given(...commands: readonly RetrainCommand[]): RetrainState | undefined {
  return commands.reduce<RetrainState | undefined>(
    (state, command) => decideRetrain(command, state, day(6)).reduce<RetrainState | undefined>(evolveRetrain, state),
    undefined,
  );
}

function types(events: readonly RetrainEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}

function refusal(command: RetrainCommand, state: RetrainState | undefined): string {
  try {
    decideRetrain(command, state, day(7));
    return 'accepted';
  } catch (error) {
    return isRunwayError(error) ? error.code : 'unexpected';
  }
}

describe('a retrain', () => {
  it('goes from the queue over training to a candidate', () => {
    expect(given(request)).toMatchObject({ status: 'queued', runId: 'late-basic-r1-a1', requestedAt: day(6) });
    expect(given(request, start)).toMatchObject({
      status: 'running',
      startedAt: day(6),
      trainingTimeoutSeconds: 3_600,
    });
    expect(
      given(request, start, awaitTraining, complete, { type: 'SucceedRetrain', rolloutId: 'late-basic-o1' }),
    ).toMatchObject({
      status: 'succeeded',
      candidateVersion: 2,
      holdout,
      rolloutId: 'late-basic-o1',
      endedAt: day(6),
    });
  });

  it('adds a further cause once, whether queued or running', () => {
    expect(
      given(request, { type: 'AddTrigger', trigger: manual }, { type: 'AddTrigger', trigger: manual })?.triggers,
    ).toEqual([drift, manual]);
    expect(given(request, start, { type: 'AddTrigger', trigger: manual })?.triggers).toHaveLength(2);
  });

  it('waits with the newest token when the workflow asks again', () => {
    expect(given(request, start, awaitTraining, { ...awaitTraining, taskToken: 't2' })?.taskToken).toBe('t2');
    expect(types(decideRetrain(awaitTraining, given(request, start, awaitTraining), day(7)))).toEqual([]);
  });

  it('takes the same completion again and refuses another', () => {
    const completed = given(request, start, awaitTraining, complete);
    expect(types(decideRetrain(complete, completed, day(7)))).toEqual([]);
    expect(refusal({ type: 'CompleteTraining', completion: { ...candidate, modelVersion: 3 } }, completed)).toBe(
      'contradicting-completion',
    );
    expect(
      refusal({ type: 'CompleteTraining', completion: { status: 'failed', error: 'out of memory' } }, completed),
    ).toBe('contradicting-completion');
  });

  it('takes the same failure again', () => {
    const failure: RetrainCommand = {
      type: 'CompleteTraining',
      completion: { status: 'failed', error: 'out of memory' },
    };
    expect(types(decideRetrain(failure, given(request, start, awaitTraining, failure), day(7)))).toEqual([]);
  });

  it('has no candidate without a training that succeeded', () => {
    expect(refusal({ type: 'SucceedRetrain', rolloutId: 'late-basic-o1' }, given(request, start, awaitTraining))).toBe(
      'illegal-transition',
    );
    const failed: RetrainCommand = {
      type: 'CompleteTraining',
      completion: { status: 'failed', error: 'out of memory' },
    };
    expect(
      refusal({ type: 'SucceedRetrain', rolloutId: 'late-basic-o1' }, given(request, start, awaitTraining, failed)),
    ).toBe('illegal-transition');
  });

  it('is not completed once it has failed without an answer', () => {
    expect(refusal(complete, given(request, start, awaitTraining, { type: 'FailRetrain', reason: 'timed out' }))).toBe(
      'illegal-transition',
    );
  });

  it('is cancelled until it is trained', () => {
    const cancel: RetrainCommand = { type: 'CancelRetrain', reason: 'the model is deprecated' };
    for (const before of [[request], [request, start], [request, start, awaitTraining]] as const) {
      const cancelled = given(...before, cancel);
      expect(cancelled).toMatchObject({ status: 'cancelled', failure: 'the model is deprecated' });
      expect(decideRetrain(cancel, cancelled, day(7))).toEqual([]);
    }
    expect(refusal(cancel, given(request, start, awaitTraining, complete))).toBe('illegal-transition');
  });

  it('is held, released and made more urgent only while it waits, and says nothing twice', () => {
    const hold: RetrainCommand = { type: 'HoldRetrain', by: 'ada', reason: 'the data are being repaired' };
    const bump: RetrainCommand = { type: 'BumpRetrain', bump: 2 };
    const release: RetrainCommand = { type: 'ReleaseRetrain' };
    const held = given(request, hold, bump);
    expect(held).toMatchObject({ status: 'queued', bump: 2, hold: { by: 'ada' } });
    for (const again of [hold, bump]) expect(decideRetrain(again, held, day(7))).toEqual([]);
    expect(refusal(start, held)).toBe('illegal-transition');
    expect(given(request, hold, release)?.hold).toBeUndefined();
    expect(decideRetrain(release, given(request), day(7))).toEqual([]);
    for (const late of [hold, bump, release]) expect(refusal(late, given(request, start))).toBe('illegal-transition');
  });

  it('has one request', () => {
    expect(refusal(request, given(request))).toBe('illegal-transition');
    expect(refusal(start, undefined)).toBe('unknown-retrain');
  });

  it('ends at most once in any history', () => {
    const commands = fc.constantFrom<RetrainCommand>(
      request,
      start,
      awaitTraining,
      complete,
      { type: 'CompleteTraining', completion: { status: 'failed', error: 'out of memory' } },
      { type: 'AddTrigger', trigger: manual },
      { type: 'SucceedRetrain', rolloutId: 'late-basic-o1' },
      { type: 'FailRetrain', reason: 'timed out' },
      { type: 'CancelRetrain', reason: 'deprecated' },
      { type: 'HoldRetrain', by: 'ada', reason: 'repairs' },
      { type: 'ReleaseRetrain' },
    );
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 30 }), (history) => {
        let state: RetrainState | undefined;
        const recorded: RetrainEvent[] = [];
        for (const command of history) {
          try {
            const events = decideRetrain(command, state, day(7));
            recorded.push(...events);
            state = events.reduce<RetrainState | undefined>(evolveRetrain, state);
          } catch (error) {
            if (!isRunwayError(error)) throw error;
          }
        }
        const ends = types(recorded).filter((type) =>
          ['RetrainSucceeded', 'RetrainFailed', 'RetrainCancelled'].includes(type),
        );
        expect(ends.length).toBeLessThanOrEqual(1);
        expect(types(recorded).indexOf('RetrainSucceeded') >= 0).toBe(state?.status === 'succeeded');
        if (ends.length === 1) expect(recorded.at(-1)?.type).toBe(ends[0]);
        expect(recorded.reduce<RetrainState | undefined>(evolveRetrain, undefined)).toEqual(state);
      }),
    );
  });
});

describe('a run id', () => {
  it('leads back to its retrain', () => {
    expect(retrainIdOfRun(runIdOf('late-basic-r12'))).toBe('late-basic-r12');
  });

  it.each(['late-basic-r1', 'late-basic-r1-a2', '', 'Late-r1-a1', 'late-basic-a1'])('is not %j', (text) => {
    expect(retrainIdOfRun(text)).toBeUndefined();
  });
});
