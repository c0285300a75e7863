import { describe, expect, it } from 'vitest';
import { defaultEmbeddingLimits } from '../../../shared/domain/health/embedding/embedding-limits.ts';
import { embeddingReport } from '../../../shared/domain/health/embedding/embedding-report.ts';
import type { EmbeddingSet } from '../../../shared/domain/health/embedding/embedding-set.ts';
import type { EmbeddingStability } from '../../../shared/domain/health/embedding/embedding-stability.ts';
import { judgeEmbeddings } from '../../../shared/domain/health/embedding/judge-embeddings.ts';
import { embeddingSignal } from '../../../shared/domain/health/embedding-signal.ts';
import { evaluateOnSchedule } from '../../../shared/use-cases/health/evaluate-model.ts';
import { cloud, permuted, rotated, version } from './embedding/made-up-versions.ts';
import { hoursOf, modelId } from './late-flights.ts';
import { givenServingModel } from './serving-model.ts';

const reference = version(cloud(300, 6));

function comparedWith(current: EmbeddingSet): EmbeddingStability {
  return {
    modelId,
    version: 1,
    referenceVersion: 0,
    comparedAt: '2001-01-23T00:00:00.000Z',
    inputs: null,
    limits: defaultEmbeddingLimits,
    sample: null,
    report: embeddingReport(judgeEmbeddings({ reference, current }, { seed: 2 })),
    reason: null,
  };
}

describe('the signal of embeddings', () => {
  it('is absent where nothing was compared', () => {
    expect(embeddingSignal(undefined)).toBeUndefined();
  });

  it('breaches when ids are misplaced, with the checks as its parts', () => {
    const signal = embeddingSignal(comparedWith(permuted(reference, 0.5)));
    expect(signal).toMatchObject({ name: 'embeddingInstability', verdict: 'breach', score: 1, effect: 1 });
    expect(signal?.reason).toMatch(/\(against version 0\)$/);
    expect(signal?.parts.some(({ verdict }) => verdict === 'breach')).toBe(true);
  });

  it('does not breach after a mere rotation, which warns those who read coordinates', () => {
    const signal = embeddingSignal(comparedWith(rotated(reference)));
    expect(signal).toMatchObject({ verdict: 'ok', score: 0 });
    expect(signal?.parts.at(-1)).toMatchObject({ name: 'coordinates', verdict: 'warning' });
  });

  it('says why there is no figure when a file was unusable', () => {
    const signal = embeddingSignal({ ...comparedWith(reference), report: null, reason: 'the file is no table' });
    expect(signal).toMatchObject({ verdict: 'insufficient-data', score: null, reason: 'the file is no table' });
  });

  it('is part of the evaluation of a version whose embeddings were compared', async () => {
    const world = await givenServingModel();
    const stability = comparedWith(permuted(reference, 0.5));
    const find: typeof world.versions.find = async (...which) => ({
      ...(await world.versions.find(...which)),
      embeddings: stability,
    });
    world.hours.push(...hoursOf('2001-01-22T06:00:00.000Z', '2001-01-30T00:00:00.000Z'));
    const judged = await evaluateOnSchedule({ ...world, versions: { find } }, modelId, '2001-01-30T00:00:00.000Z');
    expect(judged.signals.find(({ name }) => name === 'embeddingInstability')?.verdict).toBe('breach');
  });
});
