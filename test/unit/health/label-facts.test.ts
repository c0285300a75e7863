import { describe, expect, it } from 'vitest';
import { createMemoryEvaluationStore } from '../../../shared/adapters/memory/memory-evaluation-store.ts';
import type { HourlyPerformance } from '../../../shared/domain/ground-truth/aggregates.ts';
import { outcomeTypesOf } from '../../../shared/domain/ground-truth/outcome-types.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { fleetFigures } from '../../../shared/domain/health/fleet-figures.ts';
import { judgedHours, labelFactsOf } from '../../../shared/domain/health/label-facts.ts';
import { hourMillis, hourOf, hourOfMillis, toMillis } from '../../../shared/domain/time.ts';
import { evaluateOnSchedule } from '../../../shared/use-cases/health/evaluate-model.ts';
import { replayEvaluation } from '../../../shared/use-cases/health/replay-evaluation.ts';
import { scanModels } from '../../../shared/use-cases/health/scan-models.ts';
import { hoursOf, modelId, performanceByHour } from './late-flights.ts';
import { deployedAt, givenServingModel } from './serving-model.ts';

const now = '2001-02-02T06:00:00.000Z';
const end = toMillis(now);
const [label] = outcomeTypesOf({ taskType: 'binary', attributionWindowMinutes: 120 });
const judging = { type: label!, minimumCoverageRatio: 0.8, now: end };

/** 40 predictions an hour for ten days, with labels after 30 to 34 minutes; `share` of them where `isBroken`. */
function labelled(share: number, isBroken: (hour: string) => boolean): readonly HourlyPerformance[] {
  return Array.from({ length: 240 }, (_, i) => {
    const from = end - (240 - i) * hourMillis;
    const hour = hourOfMillis(from);
    const came = from + hourMillis + 34 * 60_000 > end ? 0 : Math.round(40 * (isBroken(hour) ? share : 0.95));
    const scored = Array(came).fill({ score: 0.25, label: 0 });
    const known = came === 0 ? {} : { performance: performanceOf('binary', scored), delays: { 20: came } };
    return { hour, predictions: 40, ...known };
  });
}

describe('what is known of the labels of a window', () => {
  it('is nothing while delays are not kept', () => {
    const hours = labelled(1, () => false).map(({ delays: _, ...hour }) => hour);
    expect(labelFactsOf(hours, [], judging)).toBeUndefined();
  });

  it('sees labels stop before the window of their predictions is over', () => {
    const facts = labelFactsOf(
      labelled(0, (hour) => hour >= '2001-02-01T00'),
      [],
      judging,
    );
    expect(facts).toMatchObject({ status: 'sufficient', shortHours: 29 });
    const short = labelFactsOf(
      labelled(0, (hour) => hour >= '2001-01-31T00'),
      [],
      judging,
    );
    expect(short).toMatchObject({ status: 'short' });
  });

  it('holds a segment against what comes for all rows', () => {
    const all = labelled(1, () => false);
    const home = labelled(0.3, () => true);
    const facts = labelFactsOf(all, [{ segment: 'home', hours: home }], judging);
    expect(facts).toMatchObject({ status: 'sufficient', segments: [{ segment: 'home', status: 'short' }] });
  });

  it('of an idle model lacks nothing', () => {
    const judgedIdle = labelFactsOf([], [], judging);
    expect(judgedIdle).toMatchObject({ status: 'idle', shortHours: 0, maturity: null });
  });

  it('takes what no record contradicted as what the type says', () => {
    const type = { ...label!, imputedLabel: 0 };
    const imputed = performanceOf('binary', Array(9).fill({ score: 0.25, label: 0 }));
    const hour = {
      hour: '2001-02-01T00',
      predictions: 10,
      performance: performanceOf('binary', [{ score: 0.25, label: 1 }]),
    };
    const [judged] = judgedHours([{ ...hour, imputed, layer: 'speed', served: 20 }], type);
    expect(judged).toEqual({ ...hour, performance: expect.objectContaining({ n: 10, positives: 1 }) });
    expect(judgedHours([{ ...hour, imputed, layer: 'speed' }], label!)).toEqual([hour]);
  });
});

describe('an evaluation', () => {
  /** Labels after half an hour, all of them until `brokenFrom`. */
  async function story(brokenFrom: string) {
    const world = await givenServingModel();
    world.hours.push(...hoursOf(deployedAt, now));
    const metrics = {
      ...world.metrics,
      hourlyPerformance: async (window: Parameters<typeof world.metrics.hourlyPerformance>[0]) =>
        performanceByHour(world.hours)
          .filter(({ hour }) => hour >= hourOf(window.from) && hour < hourOf(window.to))
          .map(({ hour, predictions, performance }) => {
            const isKnown = performance !== undefined && hour < brokenFrom && hour < '2001-02-02T05';
            return { hour, predictions, ...(isKnown && { performance, delays: { 20: performance.n } }) };
          }),
    };
    return { ...world, metrics };
  }
  const performanceOfModel = ({ signals }: Awaited<ReturnType<typeof evaluateOnSchedule>>) =>
    signals.find(({ name }) => name === 'performance');

  it('withdraws trust from performance when labels are short, and says how short', async () => {
    const world = await story('2001-01-30T00');
    const evaluation = await evaluateOnSchedule(world, modelId, now);
    expect(evaluation.labels).toMatchObject({ status: 'short' });
    expect(performanceOfModel(evaluation)).toMatchObject({ verdict: 'insufficient-data', score: null });
    expect(performanceOfModel(evaluation)?.reason).toMatch(
      /^coverage 0\.\d+, \d+.* % of the labels that are usual by now$/,
    );
  });

  it('trusts them when they are only young, and records what it used', async () => {
    const world = await story('2001-03-01T00');
    const evaluation = await evaluateOnSchedule(world, modelId, now);
    expect(evaluation.labels).toMatchObject({ status: 'sufficient', shortHours: 0 });
    expect(performanceOfModel(evaluation)).toMatchObject({ verdict: 'ok' });
    const history = createMemoryEvaluationStore();
    const recorded = await evaluateOnSchedule({ ...world, evaluations: history }, modelId, '2001-02-02T06:15:00.000Z');
    const ports = { history, versions: world.versions };
    const again = await replayEvaluation(ports, { modelId, evaluationId: recorded.evaluationId });
    expect(again).toMatchObject({ isIdentical: true, replayed: { labels: { status: 'sufficient' } } });
  });

  it('counts a model among those with low coverage, until its labels come', async () => {
    for (const [brokenFrom, low] of [
      ['2001-01-30T00', 1],
      ['2001-03-01T00', 0],
    ] as const) {
      const scanned: Parameters<typeof fleetFigures>[0][number][] = [];
      const queue = { send: async () => undefined };
      const onScanned = (model: (typeof scanned)[number]) => void scanned.push(model);
      await scanModels(await story(brokenFrom), { now, queue, onFailure: () => undefined, onScanned });
      expect(fleetFigures(scanned).overall.ModelsLowCoverage).toBe(low);
    }
  });
});

it('an idle model, and one whose labels are on their way, are not counted as lacking labels', () => {
  const scanned = { tier: 2, outcome: 'evaluated', isAtRisk: false, waitedMinutes: 0, intervalMinutes: 15 } as const;
  const of = (labelSupply: 'idle' | 'immature' | 'short' | undefined) =>
    fleetFigures([{ ...scanned, coverageRatio: 0.1, minimumCoverageRatio: 0.8, labelSupply }]).overall
      .ModelsLowCoverage;
  expect([of('idle'), of('immature'), of('short'), of(undefined)]).toEqual([0, 0, 1, 1]);
});
