import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contribution } from '../../../shared/domain/graph/contribution.ts';
import type { Attributes } from '../../../shared/domain/graph/entities.ts';
import { projectCommits } from '../../../shared/domain/graph/project-commits.ts';
import { edges } from './held-edges.ts';
import { minute } from './histories.ts';
import {
  judged,
  loadable,
  ofRetrain,
  ofRollout,
  retrainEnds,
  retrainHistories,
  retrainRequested,
  retrainStarted,
  rolloutEnds,
  rolloutHistories,
  rolloutStarted,
  stepStarted,
  trainingCompleted,
  trainingStarted,
  triggeredBy,
  validated,
} from './rollout-histories.ts';

const modelId = 'live';

function saidAfter(events: readonly { readonly type: string }[], before?: Contribution): Contribution {
  return projectCommits(
    before,
    events.map((event, i) => ({ events: [event], occurredAt: minute(i) })),
  );
}
const afterRollout = (...events: readonly Parameters<typeof ofRollout>[1][]) =>
  saidAfter([rolloutStarted, ...events].map((event) => ofRollout(modelId, event)));
const afterRetrain = (...events: readonly Parameters<typeof ofRetrain>[1][]) =>
  saidAfter(events.map((event) => ofRetrain(modelId, event)));

function said({ entities }: Contribution, uri: string): Attributes | undefined {
  return entities.find((entity) => entity.uri === `aip://${uri}`)?.attributes;
}

const tested = [
  'model-version/live/1 testedBy experiment-cell/live-o1/1',
  'model-version/live/1 testedBy experiment/live-o1',
  'model-version/live/2 testedBy experiment-cell/live-o1/2',
  'model-version/live/2 testedBy experiment/live-o1',
  'model/live testedBy experiment/live-o1',
];
const onlyTested = (all: readonly string[]) => all.filter((edge) => edge.includes(' testedBy '));

describe('a rollout', () => {
  it('is an experiment of its model, with a cell for the champion and one for the candidate', () => {
    const graph = afterRollout();
    expect(edges(graph)).toEqual([
      'experiment-cell/live-o1/1 partOf experiment/live-o1',
      'experiment-cell/live-o1/2 partOf experiment/live-o1',
      'experiment/live-o1 partOf model/live',
    ]);
    expect(graph.entities.find(({ type }) => type === 'experiment')).toMatchObject({
      name: 'live v2 against v1',
      attributes: { status: 'validating', hypothesis: 'version 2 loses at most 2 % more than version 1' },
    });
    const cells = graph.entities.filter(({ type }) => type === 'experiment-cell');
    expect(cells.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['live v1 (champion)', { number: 1 }],
      ['live v2 (candidate)', { number: 2 }],
    ]);
  });

  it('tests both versions from the first step on, be it in shadow, with the shares of the step', () => {
    expect(onlyTested(edges(afterRollout(loadable, validated('pass'))))).toEqual([]);
    const shadow = afterRollout(stepStarted(0));
    const later = afterRollout(stepStarted(0), judged(0, 'pass'), stepStarted(1));
    for (const graph of [shadow, later]) expect(onlyTested(edges(graph))).toEqual(tested);
    const shares = (graph: Contribution) =>
      [1, 2].map((number) => said(graph, `experiment-cell/registry/live-o1/${number}`)?.weightPercent);
    expect([shares(shadow), shares(later)]).toEqual([
      [100, 0],
      [80, 20],
    ]);
    expect(later.claims.filter(({ type }) => type === 'testedBy').map(({ validFrom }) => validFrom)).toEqual(
      tested.map(() => minute(1)),
    );
  });

  it('serves through the deployment of candidates while it has a share of the traffic', () => {
    const serving = (graph: Contribution) => edges(graph).filter((edge) => edge.includes(' servedBy '));
    const canary = afterRollout(stepStarted(0), stepStarted(1));
    expect(
      [afterRollout(stepStarted(0)), canary, afterRollout(stepStarted(1), rolloutEnds.promoted)].map(serving),
    ).toEqual([[], ['deployment/live/candidate servedBy model-version/live/2'], []]);
  });

  it.each(Object.keys(rolloutEnds) as (keyof typeof rolloutEnds)[])('that is %s tests nothing any more', (status) => {
    const graph = afterRollout(stepStarted(0), rolloutEnds[status]);
    expect(onlyTested(edges(graph))).toEqual([]);
    expect(onlyTested(edges(graph, 1))).toEqual(tested);
    expect(said(graph, 'experiment/registry/live-o1')).toMatchObject({ status, endedAt: rolloutEnds[status].endedAt });
  });

  it('that ends in validation never tested anything', () => {
    const graph = afterRollout(rolloutEnds.refused);
    expect(graph.claims.filter(({ type }) => type === 'testedBy')).toEqual([]);
    expect(said(graph, 'experiment/registry/live-o1')).toMatchObject({ reason: 'it does not load' });
  });
});

describe('what a rollout judges its candidate by', () => {
  const evaluations = ({ entities }: Contribution) =>
    entities
      .filter(({ type }) => type === 'evaluation')
      .map(({ uri }) => uri.slice('aip://evaluation/registry/'.length));

  it('is an evaluation for each gate, of the candidate and part of the experiment', () => {
    const graph = afterRollout(loadable, validated('pass', 'auc', 'log-loss'), stepStarted(1), judged(1, 'pass'));
    const parts = ['loadability', 'validation', 'gate-1', 'gate-2', 'canary', 'business-metric'];
    expect(evaluations(graph)).toEqual(parts.map((part) => `live-o1/${part}`));
    for (const part of parts)
      expect(edges(graph)).toEqual(
        expect.arrayContaining([
          `evaluation/live-o1/${part} evaluates model-version/live/2`,
          `evaluation/live-o1/${part} partOf experiment/live-o1`,
        ]),
      );
    expect(said(graph, 'evaluation/registry/live-o1/gate-2')).toMatchObject({
      metric: 'log-loss',
      status: 'pass',
      value: 0.02,
    });
    expect(said(graph, 'evaluation/registry/live-o1/business-metric')).toMatchObject({
      metric: 'bookings',
      value: 0.01,
    });
  });

  it('has the figure of its verdict, and none while there is none', () => {
    const open = afterRollout(stepStarted(1), judged(1, 'inconclusive', -0.01));
    const canary = 'evaluation/registry/live-o1/canary';
    expect(said(open, canary)).toMatchObject({ metric: 'relativeDifference', status: 'inconclusive' });
    expect(said(open, canary)).not.toHaveProperty('value');
    const passed = afterRollout(stepStarted(1), judged(1, 'inconclusive', -0.01), judged(1, 'pass', -0.03));
    expect(said(passed, canary)).toMatchObject({ status: 'pass', value: -0.03 });
  });

  it('changes with the step and the verdict, and with nothing else however often it is looked at', () => {
    const graph = afterRollout(stepStarted(1), judged(1, 'inconclusive', -0.01));
    const look = (event: Parameters<typeof ofRollout>[1]) => saidAfter([ofRollout(modelId, event)], graph) === graph;
    expect([judged(1, 'inconclusive', 0.02, 8), judged(1, 'fail'), judged(2, 'inconclusive')].map(look)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('a rollout under the default policy', () => {
  it('says 17 claims and describes seven entities, however often it is looked at', () => {
    const looks = [0, 1, 2].flatMap((step) => [
      stepStarted(step),
      ...Array.from({ length: 50 }, (_, i) => judged(step, 'inconclusive', i / 100, i)),
      judged(step, 'pass'),
    ]);
    const graph = afterRollout(loadable, validated('pass'), ...looks, rolloutEnds.promoted);
    expect(graph.claims).toHaveLength(17);
    // Itself, its cells and four evaluations; the model, its versions and a deployment are mentioned.
    const described = graph.entities.filter(({ attributes }) => attributes !== undefined);
    expect([described.length, graph.entities.length]).toEqual([7, 11]);
  });
});

describe('a retrain', () => {
  const run = 'pipeline-run/registry/live-r1-a1';

  it('is a run of its pipeline that its version was produced by', () => {
    const graph = afterRetrain(
      retrainRequested(modelId, triggeredBy('drift')),
      retrainStarted,
      trainingStarted(modelId),
      trainingCompleted(modelId, 2),
    );
    expect(edges(graph)).toEqual([
      'model-version/live/2 producedBy pipeline-run/live-r1-a1',
      'pipeline-run/live-r1-a1 partOf model/live',
      'pipeline-run/live-r1-a1 runOf pipeline/maestro/ranker-train',
    ]);
    expect(said(graph, run)).toMatchObject({
      status: 'succeeded',
      causes: ['drift'],
      connection: 'maestro',
      orchestratorRun: 'ranker-train/7',
      endedAt: minute(3),
    });
  });

  it('was triggered by the version whose promotion began the cascade, and by nothing else that has a URI', () => {
    const requested = retrainRequested(modelId, triggeredBy('manual'));
    const cascade = triggeredBy('cascade', 'late-v2-basic-v7');
    expect(edges(afterRetrain(requested))).not.toEqual(
      expect.arrayContaining([expect.stringContaining('triggeredBy')]),
    );
    for (const graph of [
      afterRetrain(requested, { type: 'RetrainTriggerAdded', trigger: cascade }),
      afterRetrain(retrainRequested(modelId, cascade, triggeredBy('manual'))),
    ])
      expect(edges(graph)).toContain('pipeline-run/live-r1-a1 triggeredBy model-version/late-v2-basic/7');
  });

  it('ends once: what comes after the training is not told of the run', () => {
    const graph = afterRetrain(retrainRequested(modelId), trainingCompleted(modelId, 2), retrainEnds.failed);
    expect(said(graph, run)).toMatchObject({ status: 'succeeded', endedAt: minute(1) });
    expect(said(afterRetrain(retrainRequested(modelId), retrainEnds.cancelled), run)).toMatchObject({
      status: 'cancelled',
      reason: 'not now',
    });
  });

  it('waits again once it is back in the queue', () => {
    const graph = afterRetrain(retrainRequested(modelId), retrainStarted, retrainEnds.requeued);
    expect(said(graph, run)).toMatchObject({ status: 'queued' });
    expect(said(graph, run)).not.toHaveProperty('startedAt');
  });
});

describe.each([
  ['a rollout', rolloutHistories(modelId)],
  ['a retrain', retrainHistories(modelId)],
] as const)('the history of %s', (_kind, histories) => {
  const commits = (events: readonly { readonly type: string }[]) =>
    events.map((event, i) => ({ events: [event], occurredAt: minute(i) }));
  const history = (histories as fc.Arbitrary<readonly { readonly type: string }[]>).map(commits);

  it('says the same in parts as at once', () => {
    fc.assert(
      fc.property(history, fc.nat(12), (whole, at) => {
        const first = projectCommits(undefined, whole.slice(0, at));
        expect(projectCommits(first, whole.slice(at))).toEqual(projectCommits(undefined, whole));
      }),
    );
  });

  it('grows no further however often its last event comes again', () => {
    fc.assert(
      fc.property(history, (whole) => {
        const once = projectCommits(undefined, whole);
        const again = projectCommits(once, [whole.at(-1)!, whole.at(-1)!]);
        expect([again.entities.length, again.claims.length]).toEqual([once.entities.length, once.claims.length]);
      }),
    );
  });
});
