import { describe, expect, it } from 'vitest';
import { findingEntry, rolloutEntries } from '../../../examples/flights/demo/entries.ts';
import { parseOptions } from '../../../examples/flights/demo/options.ts';
import { pairedImprovement } from '../../../examples/flights/demo/paired-improvement.ts';
import type { Evaluation, Retrain } from '../../../examples/flights/demo/runway-views.ts';
import { loopClosed, summaryTable } from '../../../examples/flights/demo/summary.ts';
import { demoPolicy } from '../../../examples/flights/demo-policy.ts';
import { featureSchemaOf } from '../../../examples/flights/models/features.ts';
import { policySchema } from '../../../shared/domain/registry/policy.ts';
import { featureListSchema } from '../../../shared/domain/registry/schemas.ts';
import { pairedVerdict } from '../../../shared/domain/rollout/paired-verdict.ts';

type SignalName = Evaluation['causes'][number];
const evaluation = (causes: readonly SignalName[], evaluatedAt = '2001-02-04T00:00:00.000Z'): Evaluation => ({
  evaluatedAt,
  kind: 'scheduled',
  version: 1,
  verdict: causes.length > 0 ? 'at-risk' : 'healthy',
  causes: [...causes],
  signals: (['performance', 'dataDrift'] as const).map((name) => {
    const verdict = causes.includes(name) ? 'breach' : 'ok';
    return { name, verdict, reason: `${name} is ${verdict}` };
  }),
  summary: 'healthy: all is well',
});

describe('the policy of the demo', () => {
  it.each(['demo', 'loose'] as const)('is a whole policy (%s)', (thresholds) => {
    for (const model of ['late-basic', 'late-live'] as const) {
      const policy = demoPolicy(model, { evaluationHours: 12, sample: 0.1, thresholds });
      expect(policySchema.parse(policy)).toEqual(policy);
    }
  });

  it('judges drift on features that the model has', () => {
    const names = featureListSchema.parse(featureSchemaOf('late-live')).map(({ name }) => name);
    const policy = demoPolicy('late-live', { evaluationHours: 12, sample: 0.1, thresholds: 'demo' });
    expect(names).toEqual(expect.arrayContaining(policy.signals.dataDrift.features ?? ['none']));
  });
});

describe('options', () => {
  it('replay the half-year by default', () => {
    expect(parseOptions([])).toMatchObject({
      from: '2001-01-22T00:00:00.000Z',
      to: '2001-07-01T00:00:00.000Z',
      sample: 0.1,
    });
    expect(parseOptions(['--all'])).toMatchObject({ sample: 1 });
  });

  it.each([
    [['--sample', '2'], '--sample: expected more than 0, at most 1, got 2'],
    [['--evaluation-hours', '7'], '--evaluation-hours: expected 6, 12 or 24, got 7'],
    [['--from', '2001-02-30x'], '--from: expected a day'],
    [['--from', '2001-03-02', '--to', '2001-03-01'], '--to: expected a day not before'],
    [['--all', '--sample', '0.5'], '--all: expected no --sample beside it'],
    [['--nonsense'], 'nonsense'],
  ])('%j are refused by name', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message);
  });
});

describe('a finding', () => {
  it('is told with its evidence when its causes are new', () => {
    expect(findingEntry('late-live', evaluation(['dataDrift']), evaluation([]))).toMatchObject({
      verb: 'found',
      text: 'version 1 at risk by data drift',
      below: ['data drift: dataDrift is breach'],
    });
  });

  it('is not told twice', () => {
    expect(findingEntry('late-live', evaluation(['dataDrift']), evaluation(['dataDrift']))).toBeUndefined();
  });

  it('ends with a recovery', () => {
    expect(findingEntry('late-live', evaluation([]), evaluation(['dataDrift']))).toMatchObject({ verb: 'recovered' });
    expect(findingEntry('late-live', evaluation([]), evaluation([]))).toBeUndefined();
  });
});

describe('a rollout', () => {
  const started = {
    rolloutId: 'late-basic-o1',
    champion: 1,
    candidate: 2,
    startedAt: '2001-02-04T00:00:00.000Z',
    endedAt: '2001-02-08T00:00:00.000Z',
    validation: { verdict: 'pass' as const, judgedAt: '2001-02-04T00:00:00.000Z', reason: 'paired loss pass' },
    judgements: [
      { percent: 5, judgedAt: '2001-02-05T00:00:00.000Z', verdict: 'fail' as const, reason: 'paired loss fail' },
    ],
  };

  it('is told from validation to its end', () => {
    const verbs = (status: 'promoted' | 'rolled-back' | 'refused') =>
      rolloutEntries('late-basic', { ...started, status }).map(({ verb }) => verb);
    expect(verbs('promoted')).toEqual(['validated', 'canary', 'promoted']);
    expect(verbs('rolled-back')).toEqual(['validated', 'canary', 'rolled back']);
    expect(verbs('refused')).toEqual(['validated', 'canary', 'refused']);
  });
});

describe('the paired improvement', () => {
  const points = [
    { n: 1_600, olderLoss: 0.41, difference: -0.012 },
    { n: 1_500, olderLoss: 0.52, difference: 0.004 },
    { n: 1_450, olderLoss: 0.38, difference: -0.02 },
    { n: 1_700, olderLoss: 0.44, difference: -0.008 },
  ];

  it('agrees with the interval by which Runway judges', () => {
    const blocks = points.map(({ n, olderLoss, difference }) => ({
      n,
      championLoss: n * olderLoss,
      difference: n * difference,
    }));
    const limits = { marginRatio: 0.02, significance: 0.025, minimumRows: 1 };
    const { paired } = pairedVerdict({ unit: 'day', blocks }, limits);
    const found = pairedImprovement(points);
    expect(found?.relativeDifference).toBeCloseTo(paired.relativeDifference ?? Number.NaN, 12);
    expect(found?.interval?.[0]).toBeCloseTo(paired.interval?.[0] ?? Number.NaN, 12);
    expect(found?.interval?.[1]).toBeCloseTo(paired.interval?.[1] ?? Number.NaN, 12);
    expect(found).toMatchObject({ flights: 6_250, days: 4 });
  });

  it('has no interval below three days and is nothing without flights', () => {
    expect(pairedImprovement(points.slice(0, 2))?.interval).toBeUndefined();
    expect(pairedImprovement([{ n: 0, olderLoss: null, difference: null }])).toBeUndefined();
  });
});

describe('the summary', () => {
  const retrain: Retrain = {
    retrainId: 'r',
    status: 'succeeded',
    requestedAt: '2001-02-04T00:00:00.000Z',
    triggers: [{ cause: 'drift', reason: 'psi' }],
  };
  const rollout = {
    rolloutId: 'o',
    champion: 1,
    candidate: 2,
    status: 'refused' as const,
    startedAt: '2001-02-04T00:00:00.000Z',
    judgements: [],
  };
  const validation = { verdict: 'fail' as const, judgedAt: '2001-02-04T00:00:00.000Z', reason: 'worse' };
  const story = {
    model: 'late-live',
    evaluations: [evaluation(['dataDrift'])],
    retrains: [retrain],
    rollouts: [{ ...rollout, validation }],
    predictions: 10,
    attributed: 9,
  };

  it('calls the loop closed by a breach, a decision of the policy and a judged candidate, no less', () => {
    expect(loopClosed([story])).toEqual({ found: true, decided: true, judged: true });
    expect(loopClosed([{ ...story, evaluations: [evaluation([])] }]).found).toBe(false);
    expect(
      loopClosed([{ ...story, retrains: [{ ...retrain, triggers: [{ cause: 'manual', reason: 'asked' }] }] }]).decided,
    ).toBe(false);
    expect(loopClosed([{ ...story, rollouts: [rollout] }]).judged).toBe(false);
  });

  it('counts by model', () => {
    const [head, row] = summaryTable([story]);
    expect(head).toContain('drift breaches');
    expect(row?.split(/ {2,}/)).toEqual(['late-live', '1', '0', '1', '1 drift', '0', '1', '0']);
  });
});
