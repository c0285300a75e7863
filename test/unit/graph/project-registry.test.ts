import { describe, expect, it } from 'vitest';
import type { Contribution } from '../../../shared/domain/graph/contribution.ts';
import { isProjectedStream, projectCommits } from '../../../shared/domain/graph/project-commits.ts';
import type { RetrainEvent } from '../../../shared/domain/retraining/retrain-events.ts';
import { projectedEvents } from '../../../shared/names.ts';
import { edges } from './held-edges.ts';
import { minute, modelRegistered, versionRegistered } from './histories.ts';
import {
  judged,
  loadable,
  ofRetrain,
  ofRollout,
  paused,
  retrainEnds,
  retrainRequested,
  retrainStarted,
  rolloutEnds,
  rolloutStarted,
  stepStarted,
  trainingCompleted,
  trainingStarted,
  triggeredBy,
  validated,
} from './rollout-histories.ts';

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;
const modelId = 'live';

function graphAfter(...events: readonly Event[]): Contribution {
  return projectCommits(
    undefined,
    events.map((event, i) => ({ events: [event], occurredAt: minute(i) })),
  );
}

const registered = modelRegistered(modelId, { upstreamModels: ['basic'], owners: ['ada'] });
const declared = (...services: readonly string[]) => ({
  type: 'ConsumersDeclared',
  modelId,
  consumers: services.map((service) => ({ service })),
});
const served = (type: string, version: number) => ({ type, modelId, version });

describe('a registered model', () => {
  it('is described as every other entity is', () => {
    const described = graphAfter(modelRegistered(modelId, { description: 'How late a flight lands.' }));
    expect(described.entities[0]).toMatchObject({
      description: 'How late a flight lands.',
      attributes: { domain: 'flights', tier: 2, lifecycle: 'active' },
    });
  });

  it('consumes its features and upstream models and is owned by its team and people', () => {
    expect(edges(graphAfter(registered))).toEqual([
      'model/live consumes feature/flights/distance',
      'model/live consumes model/basic',
      'model/live ownedBy person/ada',
      'model/live ownedBy team/flights',
    ]);
  });

  it('shares a feature with the models of its domain, and with no others', () => {
    const feature = (domain: string) => edges(graphAfter(modelRegistered(modelId, { domain })))[0];
    expect(feature('flights')).toBe('model/live consumes feature/flights/distance');
    expect(feature('Car hire')).toBe('model/live consumes feature/Car%20hire/distance');
  });

  it('is served by one version at a time', () => {
    const graph = graphAfter(registered, served('ChampionDeployed', 1), served('VersionPromoted', 2));
    const servedAt = (at?: number) => edges(graph, at).filter((edge) => edge.includes('servedBy'));
    const by = (version: number) =>
      ['deployment/live/champion', 'model/live'].map((from) => `${from} servedBy model-version/live/${version}`);
    expect([servedAt(1), servedAt()]).toEqual([by(1), by(2)]);
  });

  it('has the deployments of its routing, whoever its consumers are', () => {
    const graph = graphAfter(registered, served('ChampionDeployed', 1), declared('board'), declared());
    const parts = edges(graph).filter((edge) => edge.startsWith('deployment/'));
    expect(parts).toEqual([
      'deployment/live/candidate partOf model/live',
      'deployment/live/champion partOf model/live',
      'deployment/live/champion servedBy model-version/live/1',
    ]);
    const stages = graph.entities.flatMap(({ type, attributes }) => (type === 'deployment' ? [attributes] : []));
    expect(stages).toEqual([{ stage: 'champion' }, { stage: 'candidate' }]);
  });

  it('has the services that were declared last', () => {
    const graph = graphAfter(registered, declared('board', 'planning'), declared('planning', 'gate'), declared());
    const consumers = (at?: number) => edges(graph, at).flatMap((edge) => /^service\/(\w+)/.exec(edge)?.[1] ?? []);
    expect([consumers(1), consumers(2), consumers()]).toEqual([['board', 'planning'], ['gate', 'planning'], []]);
  });

  it('keeps the beginning of what is declared again', () => {
    const claims = graphAfter(registered, declared('board'), declared('board', 'gate')).claims;
    expect(claims.find(({ from }) => from.endsWith('/board'))?.validFrom).toBe(minute(1));
  });

  it('needs nothing and serves nobody once it is retired, and still has owners', () => {
    const graph = graphAfter(registered, served('ChampionDeployed', 1), declared('board'), {
      type: 'ModelRetired',
      modelId,
    });
    expect(edges(graph)).toEqual([
      'deployment/live/candidate partOf model/live',
      'deployment/live/champion partOf model/live',
      'model/live ownedBy person/ada',
      'model/live ownedBy team/flights',
    ]);
    expect(edges(graph, 2)).toHaveLength(9);
    const model = graph.entities.find(({ uri }) => uri === 'aip://model/registry/live');
    expect(model?.attributes).toMatchObject({ lifecycle: 'retired', tier: 2 });
  });
});

describe('a registered version', () => {
  it('was trained on its datasets, produced by its pipeline, and consumed versions of other models', () => {
    const change = { pipeline: 'flights/training', upstreamVersions: [{ modelId: 'basic', version: 4 }] };
    expect(edges(graphAfter(versionRegistered(modelId, 2, change)))).toEqual([
      'model-version/live/2 consumes model-version/basic/4',
      'model-version/live/2 producedBy pipeline/flights/training',
      'model-version/live/2 trainedOn dataset/flights-3m',
      'model-version/live/2 versionOf model/live',
    ]);
  });

  it('is projected though it was registered before pipelines and upstream versions could be named', () => {
    expect(edges(graphAfter(versionRegistered(modelId, 1)))).toHaveLength(2);
  });
});

/** Types of the events after each of which the stream says something else than before. */
function changing(events: readonly { readonly type: string }[]): readonly string[] {
  let said = projectCommits(undefined, []);
  return events.flatMap((event, i) => {
    const next = projectCommits(said, [{ events: [event], occurredAt: minute(i) }]);
    const isChanged = next !== said;
    said = next;
    return isChanged ? [event.type] : [];
  });
}

describe('what changes the graph', () => {
  const held: RetrainEvent = {
    type: 'RetrainHeld',
    schemaVersion: 1,
    modelId,
    retrainId: 'live-r1',
    hold: { by: 'ada', reason: 'not now', since: minute(0) },
  };
  const changedByRollouts = [
    ...Object.values(rolloutEnds).flatMap((end) =>
      changing(
        [rolloutStarted, loadable, validated('pass'), stepStarted(0), judged(0, 'pass'), paused, end].map((event) =>
          ofRollout(modelId, event),
        ),
      ),
    ),
    ...[trainingCompleted(modelId, 2), retrainEnds.failed, retrainEnds.cancelled].flatMap((end) =>
      changing([
        ...[
          retrainRequested(modelId),
          { type: 'RetrainTriggerAdded', trigger: triggeredBy('drift') } as const,
          retrainStarted,
          retrainEnds.requeued,
          trainingStarted(modelId),
          end,
        ].map((event) => ofRetrain(modelId, event)),
        held,
      ]),
    ),
  ];

  it('are the events that are forwarded, and no others of a model', () => {
    const before = graphAfter(registered, served('ChampionDeployed', 9), declared('x'));
    const changed = [
      registered,
      declared('board'),
      served('ChampionDeployed', 1),
      served('VersionPromoted', 2),
      { type: 'ChampionWithdrawn', modelId, version: 9, restored: 3 },
      { type: 'ModelDeprecated', modelId },
      { type: 'ModelRetired', modelId },
      versionRegistered(modelId, 1),
      { type: 'PolicyChanged', modelId },
      { type: 'HealthChanged', modelId },
      { type: 'TrafficShifted', modelId },
    ].flatMap((event) => {
      const next = projectCommits(before, [{ events: [event], occurredAt: minute(50) }]);
      return next === before ? [] : [event.type];
    });
    expect(new Set([...changed, ...changedByRollouts])).toEqual(new Set(projectedEvents));
  });

  it('are streams of models, versions, rollouts and retrains', () => {
    const projected = ['model#a', 'version#a#1', 'rollout#a-o1', 'retrain#a-r1'];
    expect([...projected, 'decisions#a', 'cascade#a-v1', 'slots'].filter(isProjectedStream)).toEqual(projected);
  });
});
