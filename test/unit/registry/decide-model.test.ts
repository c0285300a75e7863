import { describe, expect, it } from 'vitest';
import { evolveModel } from '../../../shared/domain/registry/evolve-model.ts';
import type { ModelCommand } from '../../../shared/domain/registry/model-events.ts';
import * as story from './model-story.ts';

const { serving, canary, when, tell } = story;

describe('a registered model', () => {
  it('has its tier’s policy and serves nothing', () => {
    const { state, events } = tell([story.register]);
    expect(events.map(({ type }) => type)).toEqual(['ModelRegistered']);
    expect(state).toMatchObject({
      modelId: 'late-basic',
      policyVersion: 1,
      lifecycle: 'registered',
      registeredAt: story.hour(0),
      health: { status: 'unknown' },
      versionCount: 0,
    });
    expect(state).not.toHaveProperty('champion');
    expect(state).not.toHaveProperty('routing');
  });

  it('exists once', () => {
    expect(() => tell([story.register, story.register])).toThrow(
      expect.objectContaining({ name: 'AlreadyExists', code: 'model-exists' }),
    );
  });

  it('numbers its versions from 1', () => {
    expect(tell([story.register, story.addVersion, story.addVersion]).events.slice(1)).toMatchObject([
      { type: 'VersionAdded', version: 1 },
      { type: 'VersionAdded', version: 2 },
    ]);
  });

  it('must exist before anything else can be done to it', () => {
    expect(() => tell([story.addVersion])).toThrow('AddVersion is not possible in state unregistered');
  });
});

describe('a model that has been at risk for too long', () => {
  const days = (count: number) => 24 * count;
  const atRisk = tell([...serving, story.breach]);
  const proposed = (hours: number) => tell([story.proposeDeprecation], hours, atRisk.state);

  it('is proposed for deprecation once, and goes on serving', () => {
    const { state, events } = tell([story.proposeDeprecation, story.proposeDeprecation], days(61), atRisk.state);
    const reason = 'at risk for 60 days by performance, proposed after 60';
    expect(events).toMatchObject([{ type: 'DeprecationProposed', since: story.hour(3), reason }]);
    expect(state).toMatchObject({
      lifecycle: 'at-risk',
      deprecationProposal: { since: story.hour(3), proposedAt: story.hour(days(61)), reason },
    });
  });

  it('is not proposed an hour before, nor when it is healthy', () => {
    expect(proposed(days(60) + 2).events).toEqual([]);
    expect(proposed(days(60) + 3).events).toHaveLength(1);
    const healthy = tell([story.recovery], 4, atRisk.state);
    expect(tell([story.proposeDeprecation], days(90), healthy.state).events).toEqual([]);
  });

  it('is proposed no more when it is healthy again, and anew when it has been at risk as long again', () => {
    const recovered = tell([story.recovery, story.breach], days(70), proposed(days(61)).state);
    expect(recovered.state).not.toHaveProperty('deprecationProposal');
    expect(tell([story.proposeDeprecation], days(129), recovered.state).events).toEqual([]);
    expect(tell([story.proposeDeprecation], days(131), recovered.state).events).toHaveLength(1);
  });

  it('is proposed no more when another version serves or it is deprecated', () => {
    const replacing = tell([story.addVersion, story.openRollout, story.promote], days(62), proposed(days(61)).state);
    expect(replacing.state).toMatchObject({ champion: { version: 2 } });
    expect(replacing.state).not.toHaveProperty('deprecationProposal');
    const deprecated = tell([story.deprecate], days(62), proposed(days(61)).state);
    expect(deprecated.state).not.toHaveProperty('deprecationProposal');
    expect(() => tell([story.proposeDeprecation], days(63), deprecated.state)).toThrow(
      'not possible in state deprecated',
    );
  });

  it('counts from the fields that its policy lacked when it was registered', () => {
    const { deprecationProposalDays: _later, hysteresis: _too, ...older } = story.policy;
    const registered = evolveModel(
      undefined,
      {
        type: 'ModelRegistered',
        schemaVersion: 1,
        modelId: 'late-basic',
        definition: story.definition,
        // A cast, because what was stored then is no policy of today.
        policy: older as typeof story.policy,
      },
      story.hour(0),
    );
    expect(registered.policy).toEqual(story.policy);
  });
});

describe('consumers', () => {
  const declare = (...services: readonly string[]): ModelCommand => ({
    type: 'DeclareConsumers',
    consumers: services.map((service) => ({ service })),
  });

  it('are those that were declared last, by name', () => {
    const { state, events } = tell([story.register, declare('planning', 'board'), declare('gate', 'board')]);
    expect(events.slice(1)).toMatchObject([
      { type: 'ConsumersDeclared', consumers: [{ service: 'board' }, { service: 'planning' }] },
      { type: 'ConsumersDeclared', consumers: [{ service: 'board' }, { service: 'gate' }] },
    ]);
    expect(state?.consumers).toEqual([{ service: 'board' }, { service: 'gate' }]);
  });

  it('declared again in another order change nothing, and neither does none where there were none', () => {
    expect(when([story.register, declare('planning', 'board')], declare('board', 'planning')).events).toEqual([]);
    expect(when([story.register], declare()).events).toEqual([]);
  });

  it('are not declared for a retired model', () => {
    const retired = [...serving, { type: 'Deprecate', reason: 'old' }, { type: 'Retire', reason: 'old' }] as const;
    expect(() => when(retired, declare('board'))).toThrow(expect.objectContaining({ name: 'IllegalTransition' }));
  });
});

describe('deployment', () => {
  it('of the first champion gives it all traffic', () => {
    const { state, events, at } = when([story.register, story.addVersion], story.deploy);
    expect(events).toMatchObject([{ type: 'ChampionDeployed', version: 1 }]);
    expect(state).toMatchObject({ lifecycle: 'active', lifecycleSince: at, champion: { version: 1, since: at } });
    expect(state.routing).toEqual({
      modelId: 'late-basic',
      generation: 1,
      changedAt: at,
      arms: [{ version: 1, role: 'champion', weightPercent: 100 }],
      shadows: [],
    });
  });

  it('of a version that does not exist is refused', () => {
    expect(() => when([story.register], story.deploy)).toThrow(
      expect.objectContaining({ name: 'InvalidRequest', code: 'unknown-version' }),
    );
  });

  it('happens once; later versions come by rollout', () => {
    expect(() => when(serving, story.deploy)).toThrow(
      'DeployChampion is not possible in state active, expected registered',
    );
  });
});

describe('a policy', () => {
  it('counts its versions', () => {
    const policy = { ...story.policy, windowDays: 3 };
    const { state, events } = when([story.register], { type: 'ChangePolicy', policy });
    expect(events).toMatchObject([{ type: 'PolicyChanged', policyVersion: 2 }]);
    expect(state).toMatchObject({ policy: { windowDays: 3 }, policyVersion: 2 });
  });

  it('that says the same changes nothing', () => {
    expect(when([story.register], { type: 'ChangePolicy', policy: { ...story.policy } }).events).toEqual([]);
  });
});

describe('a verdict on health', () => {
  it.each([
    ['the first healthy one puts an active model under monitoring', serving, story.recovery, 'monitoring'],
    ['a breach puts an active model at risk', serving, story.breach, 'at-risk'],
    ['a breach puts a monitored model at risk', [...serving, story.recovery], story.breach, 'at-risk'],
    ['a recovery puts a model at risk back under monitoring', [...serving, story.breach], story.recovery, 'monitoring'],
    ['a breach does not stop a rollout', canary, story.breach, 'validating'],
    [
      'a recovery does not stop a retrain',
      [...serving, story.breach, story.requestRetrain],
      story.recovery,
      'retraining',
    ],
    ['a breach does not stop a rollback', [...canary, story.startRollback], story.breach, 'rollback'],
  ])('%s', (_case, given, command, lifecycle) => {
    const { state, events, at } = when(given, command);
    expect(events).toMatchObject([{ type: 'HealthChanged', lifecycle }]);
    expect(state).toMatchObject({ lifecycle, health: { since: at } });
  });

  it('that repeats the last one changes nothing', () => {
    expect(when([...serving, story.breach], { ...story.breach, evaluationId: 'e9' } as ModelCommand).events).toEqual(
      [],
    );
  });

  it('with a further cause is news once, and the model stays at risk since the first', () => {
    const further = { ...story.breach, evaluationId: 'e9', causes: ['dataDrift', 'performance'] } as ModelCommand;
    const { state, events, before } = when([...serving, story.breach], further);
    expect(events).toMatchObject([{ type: 'HealthChanged', status: 'at-risk', causes: ['dataDrift', 'performance'] }]);
    expect(state.health).toEqual({ ...before.health, evaluationId: 'e9', causes: ['performance', 'dataDrift'] });
    expect(when([...serving, story.breach, further], story.breach).events).toEqual([]);
    expect(when([...serving, story.breach, further], story.recovery).state.health.causes).toEqual([]);
  });

  it('keeps the moment since when the lifecycle lasts, when that does not change', () => {
    const { state, before } = when(canary, story.breach);
    expect(state.lifecycleSince).toBe(before.lifecycleSince);
  });
});

describe('a retrain', () => {
  it.each([
    ['active', serving],
    ['monitored', [...serving, story.recovery]],
    ['at risk', [...serving, story.breach]],
  ])('opens for a model that is %s and starts its cooldown', (_case, given) => {
    const { state, events, at } = when(given, {
      type: 'RequestRetrain',
      causes: ['performance', 'drift', 'performance'],
    });
    expect(events).toMatchObject([
      { type: 'RetrainOpened', retrainId: 'late-basic-r1', causes: ['performance', 'drift'] },
    ]);
    expect(state).toMatchObject({
      lifecycle: 'retraining',
      retrainCount: 1,
      lastRetrainRequestedAt: at,
      openRetrain: { retrainId: 'late-basic-r1', requestedAt: at },
    });
  });

  it('that is open takes the causes it lacks', () => {
    const open = [...serving, story.requestRetrain];
    const { state, events } = when(open, { type: 'RequestRetrain', causes: ['performance', 'manual', 'schedule'] });
    expect(events).toMatchObject([
      { type: 'RetrainCauseAdded', cause: 'manual' },
      { type: 'RetrainCauseAdded', cause: 'schedule' },
    ]);
    expect(state.openRetrain?.causes).toEqual(['performance', 'manual', 'schedule']);
    expect(state.lastRetrainRequestedAt).toBe(story.hour(open.length - 1));
    expect(when(open, story.requestRetrain).events).toEqual([]);
  });

  it('needs a cause', () => {
    expect(() => when(serving, { type: 'RequestRetrain', causes: [] })).toThrow(
      expect.objectContaining({ code: 'no-cause' }),
    );
  });

  it.each([
    ['at risk when it was', [...serving, story.breach], 'at-risk'],
    ['under monitoring when it was healthy', [...serving, story.recovery], 'monitoring'],
    ['active when nobody had judged it', serving, 'active'],
  ])('without a candidate leaves the model %s', (_case, given, lifecycle) => {
    const { state, events } = when([...given, story.requestRetrain], story.closeFailed);
    expect(events).toMatchObject([{ type: 'RetrainClosed', result: 'failed', lifecycle }]);
    expect(state.lifecycle).toBe(lifecycle);
    expect(state).not.toHaveProperty('openRetrain');
  });

  it('with a candidate ends in a rollout', () => {
    const { state } = when(
      [...serving, story.requestRetrain, story.addVersion, story.closeWithCandidate],
      story.openRollout,
    );
    expect(state).toMatchObject({
      lifecycle: 'validating',
      openRollout: { rolloutId: 'late-basic-o1', candidate: 2 },
      rolloutCount: 1,
    });
    expect(state).not.toHaveProperty('openRetrain');
  });

  it('is closed by its own id, once', () => {
    expect(() =>
      when([...serving, story.requestRetrain], { type: 'CloseRetrain', retrainId: 'late-basic-r2', result: 'failed' }),
    ).toThrow('with late-basic-r1 open, expected late-basic-r2 open');
    expect(() => when([...serving, story.requestRetrain, story.closeFailed], story.closeFailed)).toThrow(
      'with no retrain open',
    );
  });

  it('gets the next number after the last', () => {
    expect(
      when([...serving, story.requestRetrain, story.closeFailed], story.requestRetrain).state.openRetrain?.retrainId,
    ).toBe('late-basic-r2');
  });
});

describe('a rollout', () => {
  it('needs another version that exists, a champion, and no other rollout or retrain', () => {
    const two = [...serving, story.addVersion];
    expect(() => when(two, { type: 'OpenRollout', candidate: 3 })).toThrow('version 3 of late-basic, expected 1 to 2');
    expect(() => when(two, { type: 'OpenRollout', candidate: 1 })).toThrow('where 1 is the champion');
    expect(() => when([story.register, story.addVersion, story.addVersion], story.openRollout)).toThrow(
      'in state registered',
    );
    expect(() => when([...two, story.openRollout], story.openRollout)).toThrow('in state validating');
    expect(() => when([...two, story.requestRetrain], story.openRollout)).toThrow('with late-basic-r1 open');
  });

  it('splits traffic, and has both versions score every request', () => {
    const { state, at } = when([...serving, story.addVersion, story.openRollout], story.shift(5));
    expect(state.routing).toEqual({
      modelId: 'late-basic',
      generation: 2,
      changedAt: at,
      arms: [
        { version: 1, role: 'champion', weightPercent: 95 },
        { version: 2, role: 'candidate', weightPercent: 5 },
      ],
      shadows: [{ version: 2 }, { version: 1 }],
      rolloutId: 'late-basic-o1',
    });
  });

  it('does nothing when the traffic is as it is to be, so that a task may run twice', () => {
    expect(when(canary, story.shift(20)).events).toEqual([]);
    expect(when(canary, story.shift(50)).state.routing?.generation).toBe(3);
  });

  it.each([-1, 101, 2.5, Number.NaN])('refuses %d percent', (percent) => {
    expect(() => when(canary, story.shift(percent))).toThrow(expect.objectContaining({ code: 'invalid-percent' }));
  });

  it('belongs to its id', () => {
    const other = { rolloutId: 'late-basic-o2' };
    for (const command of [story.shift(50), story.refuse, story.startRollback, story.promote]) {
      expect(() => when(canary, { ...command, ...other } as ModelCommand)).toThrow(
        'with late-basic-o1 open, expected late-basic-o2 open',
      );
    }
  });
});

describe('a candidate', () => {
  it('refused before it served leaves the traffic as it was', () => {
    const { state, before } = when([...serving, story.breach, story.addVersion, story.openRollout], story.refuse);
    expect(state).toMatchObject({ lifecycle: 'at-risk', champion: { version: 1 } });
    expect(state.routing).toEqual(before.routing);
    expect(state).not.toHaveProperty('openRollout');
  });

  it('refused in the canary gives all traffic back', () => {
    const { state } = when(canary, story.refuse);
    expect(state.routing).toMatchObject({ generation: 3, arms: [{ version: 1, weightPercent: 100 }], shadows: [] });
    expect(state.routing).not.toHaveProperty('rolloutId');
  });

  it('rolled back gives all traffic back at once and ends when that is done', () => {
    const rollback = when(canary, story.startRollback);
    expect(rollback.state).toMatchObject({
      lifecycle: 'rollback',
      openRollout: { candidate: 2 },
      routing: { generation: 3, arms: [{ version: 1, weightPercent: 100 }] },
    });
    const done = when([...canary, story.startRollback], story.completeRollback);
    expect(done.state).toMatchObject({ lifecycle: 'active', champion: { version: 1 }, routing: { generation: 3 } });
    expect(done.state).not.toHaveProperty('openRollout');
    expect(when([...canary, story.breach, story.startRollback], story.completeRollback).state.lifecycle).toBe(
      'at-risk',
    );
  });

  it('promoted becomes champion, keeps the last one in shadow, and starts with unknown health', () => {
    const { state, at } = when([...canary, story.breach], story.promote);
    expect(state).toMatchObject({
      lifecycle: 'active',
      champion: { version: 2, since: at, previous: 1, trainingDataEnd: '2001-02-20T00:00:00.000Z' },
      health: { status: 'unknown', since: at },
      routing: {
        generation: 3,
        arms: [{ version: 2, role: 'champion', weightPercent: 100 }],
        shadows: [{ version: 1, until: '2001-01-29T07:00:00.000Z' }],
      },
    });
    expect(state.health).not.toHaveProperty('evaluationId');
    expect(state).not.toHaveProperty('openRollout');
  });

  it('promoted under a policy without comparison leaves no shadow', () => {
    const policy = { ...story.policy, rollout: { ...story.policy.rollout, shadowDaysAfterPromotion: 0 } };
    expect(when([...canary, { type: 'ChangePolicy', policy }], story.promote).state.routing?.shadows).toEqual([]);
  });

  it('meets the withdrawn version still in shadow, until its comparison ends', () => {
    const next = [...canary, story.promote, story.addVersion, { type: 'OpenRollout', candidate: 3 }] as ModelCommand[];
    const before = tell(next).state!;
    const again = { ...story.shift(5), rolloutId: 'late-basic-o2' } as ModelCommand;
    const shadowsAt = (hours: number) =>
      tell([again], hours, before).state!.routing!.shadows.map(({ version }) => version);
    expect(shadowsAt(24)).toEqual([3, 2, 1]);
    expect(shadowsAt(24 * 8)).toEqual([3, 2]);
    const over = tell(
      [{ ...story.startRollback, rolloutId: 'late-basic-o2' } as ModelCommand],
      25,
      tell([again], 24, before).state,
    ).state!;
    expect(over.routing?.shadows).toEqual([{ version: 1, until: '2001-01-29T06:00:00.000Z' }]);
  });
});

describe('the end of a model', () => {
  it('is deprecation, then retirement', () => {
    expect(when(serving, story.deprecate).state.lifecycle).toBe('deprecated');
    expect(when([...serving, story.deprecate], story.retire).state.lifecycle).toBe('retired');
    expect(() => when(serving, story.retire)).toThrow('Retire is not possible in state active, expected deprecated');
  });
});

describe('where a command is not possible', () => {
  const states = {
    registered: [story.register, story.addVersion],
    active: serving,
    monitoring: [...serving, story.recovery],
    'at-risk': [...serving, story.breach],
    retraining: [...serving, story.addVersion, story.requestRetrain],
    validating: canary,
    rollback: [...canary, story.startRollback],
    deprecated: [...serving, story.deprecate],
    retired: [...serving, story.deprecate, story.retire],
  };
  type State = keyof typeof states;
  const possible: readonly [ModelCommand, readonly State[]][] = [
    [story.addVersion, ['registered', 'active', 'monitoring', 'at-risk', 'retraining', 'validating', 'rollback']],
    [
      { type: 'ChangePolicy', policy: { ...story.policy, windowDays: 3 } },
      ['registered', 'active', 'monitoring', 'at-risk', 'retraining', 'validating', 'rollback', 'deprecated'],
    ],
    [story.deploy, ['registered']],
    [story.breach, ['active', 'monitoring', 'at-risk', 'retraining', 'validating', 'rollback']],
    [story.requestRetrain, ['active', 'monitoring', 'at-risk', 'retraining']],
    [story.closeFailed, ['retraining']],
    [story.shift(50), ['validating']],
    [story.refuse, ['validating']],
    [story.startRollback, ['validating']],
    [story.promote, ['validating']],
    [story.completeRollback, ['rollback']],
    [story.deprecate, ['active', 'monitoring', 'at-risk']],
    [story.retire, ['deprecated']],
  ];

  it.each(possible)('$type says so in every state but those', (command, where) => {
    const passes = Object.entries(states).flatMap(([state, given]) => {
      try {
        when(given, command);
        return [state];
      } catch (error) {
        expect(error).toMatchObject({ name: 'IllegalTransition' });
        return [];
      }
    });
    expect(passes).toEqual(where);
  });
});
