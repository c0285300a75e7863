import { describe, expect, it } from 'vitest';
import { createMemoryScanQueue } from '../../../shared/adapters/memory/memory-scan-queue.ts';
import {
  type DownstreamModel,
  downstreamHealthSignal,
} from '../../../shared/domain/health/downstream-health-signal.ts';
import { scanModels } from '../../../shared/use-cases/health/scan-models.ts';
import { definition, hoursOf, modelId, policyWith, signalsWith } from './late-flights.ts';
import { givenServingModel } from './serving-model.ts';

const evaluatedAt = '2001-02-08T00:00:00.000Z';
const policy = policyWith();
const consumer = (name: string, score: number, at = evaluatedAt): DownstreamModel => ({
  modelId: name,
  evaluatedAt: at,
  realized: { score },
});
const signalOf = (downstream: readonly DownstreamModel[], hasLabels = false, of = policy) =>
  downstreamHealthSignal(of, downstream, { hasLabels, evaluatedAt });

describe('the health of models downstream', () => {
  it('is that of the worst of them', () => {
    expect(signalOf([consumer('fares', 0.2), consumer('rebooking', 0.7)])).toMatchObject({
      value: 0.7,
      score: 0.7,
      verdict: 'warning',
      n: 2,
      reason: 'rebooking downstream has a performance score of 0.7 (breach at 1)',
      parts: [{ name: 'rebooking' }, { name: 'fares', verdict: 'ok' }],
    });
  });

  it('warns at most, unless the policy makes it decisive', () => {
    expect(signalOf([consumer('fares', 1)])?.verdict).toBe('warning');
    const decisive = signalsWith(() => ({ downstreamHealth: { weight: 1, decisive: true } }));
    expect(signalOf([consumer('fares', 1)], false, decisive)?.verdict).toBe('breach');
  });

  it('does not apply to a model with labels of its own, or with nobody downstream who has any', () => {
    expect(signalOf([consumer('fares', 1)], true)).toBeUndefined();
    expect(signalOf([])).toBeUndefined();
  });

  it('is missing while none of them was evaluated within a day', () => {
    expect(signalOf([consumer('fares', 1, '2001-02-06T23:00:00.000Z')])).toMatchObject({
      verdict: 'insufficient-data',
      score: null,
      reason: 'none of 1 models downstream was evaluated within a day',
    });
  });
});

describe('a scan of a model without labels', () => {
  it('sees the labelled model that consumes it, by the rows it has read anyway', async () => {
    const world = await givenServingModel();
    const start = '2001-01-30T00:00:00.000Z';
    world.hours.push(...hoursOf('2001-01-22T06:00:00.000Z', start, {}, { coverageRatio: 0 }));
    const rows = await world.events.rows<Record<string, unknown>>('models');
    const fares = {
      ...rows[0],
      modelId: 'fares',
      team: 'pricing',
      upstreamModels: [definition.name],
      // Not due, so that only its row is read.
      evaluationIntervalMinutes: 10_080,
    };
    const events = {
      ...world.events,
      // A cast, because a test has no cheaper way to a model downstream than to say so.
      rows: async <R>(list: string) => (list === 'models' ? [...rows, fares] : []) as R[],
    };
    const faresRow = {
      modelId: 'fares',
      version: 1,
      evaluatedAt: '2001-01-29T12:00:00.000Z',
      verdict: 'at-risk',
      causes: ['performance'],
      summary: '',
      stalenessScore: 0.8,
      confidence: { level: 'high', reasons: [] },
      coverageRatio: 1,
      realized: { score: 0.9 },
      revision: 1,
      verdictSince: '2001-01-29T12:00:00.000Z',
      days: { lastDay: '2001-01-29', states: 'b' },
    } as const;
    const evaluations = {
      ...world.evaluations,
      rows: async (modelIds?: readonly string[]) => [
        ...(await world.evaluations.rows(modelIds)),
        ...(modelIds === undefined ? [faresRow] : []),
      ],
    };
    const onFailure = (_modelId: string, error: unknown) => expect.fail(String(error));
    await scanModels({ ...world, events, evaluations }, { now: start, queue: createMemoryScanQueue(), onFailure });
    const found = await world.evaluations.latest(modelId);
    expect(found?.signals.find(({ name }) => name === 'downstreamHealth')).toMatchObject({
      verdict: 'warning',
      score: 0.9,
      parts: [{ name: 'fares' }],
    });
    // What the evaluation was told of the fleet is kept with it.
    expect(found?.alertBudget?.testsOfTeam).toBeGreaterThan(0);
  });
});
