import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../shared/domain/health/evaluation.ts';
import { defaultPolicy } from '../../shared/domain/registry/policy.ts';
import type { EvaluationStore } from '../../shared/ports/evaluation-store.ts';

const policy = defaultPolicy(3);

function evaluation(modelId: string, evaluatedAt: string, change: Partial<Evaluation> = {}): Evaluation {
  const kind = change.kind ?? 'scheduled';
  return {
    evaluationId: `${modelId}-${evaluatedAt}-${kind}`,
    modelId,
    version: 1,
    evaluatedAt,
    kind,
    window: { from: '2001-02-01T00:00:00.000Z', to: '2001-02-08T00:00:00.000Z' },
    policyVersion: 1,
    policy,
    signals: [],
    stalenessScore: 0.2,
    verdict: 'healthy',
    confidence: { level: 'high', reasons: [] },
    causes: [],
    coverageRatio: 0.98,
    summary: 'healthy',
    ...change,
  };
}

const at = (hour: number) => `2001-02-08T${String(hour).padStart(2, '0')}:00:00.000Z`;

/** What every evaluation store does; `store` gives the one under test, each test has a model of its own. */
export function evaluationStoreContract(store: () => EvaluationStore): void {
  describe('put', () => {
    it('keeps the whole record, to the last digit of a p-value', async () => {
      const part = {
        value: 0.31,
        reference: null,
        evidence: 1e-178,
        verdict: 'breach',
        reason: 'ψ of Zürich',
      } as const;
      const signal = {
        ...part,
        name: 'dataDrift',
        unit: 'PSI',
        score: 1,
        effect: 1.24,
        n: 11_213,
        nNeeded: 500,
        parts: [{ ...part, name: 'rate' }],
      } as const;
      const kept = evaluation('whole', at(1), { signals: [signal], causes: ['dataDrift'], verdict: 'at-risk' });
      await store().put(kept);
      expect(await store().latest('whole')).toEqual(kept);
      expect((await store().list('whole', { limit: 5 })).items).toEqual([kept]);
    });

    it('keeps the first record of a moment', async () => {
      await store().put(evaluation('first', at(1)));
      await store().put(evaluation('first', at(1), { summary: 'another', verdict: 'at-risk' }));
      expect((await store().list('first', { limit: 5 })).items.map(({ summary }) => summary)).toEqual(['healthy']);
      expect((await store().latest('first'))?.summary).toBe('healthy');
    });

    it('holds the parts of hundreds of features', async () => {
      const parts = Array.from({ length: 1_500 }, (_, i) => ({
        name: `feature-${i}`,
        value: i / 7,
        reference: 0,
        evidence: 1 / (i + 3),
        verdict: 'ok' as const,
        reason: `psi of feature-${i} ${i / 7} (breach at 0.25, p ${1 / (i + 3)}, n 11,213), padded as a real reason would be with its window and its limits`,
      }));
      const signal = {
        name: 'dataDrift',
        value: 1,
        unit: 'PSI',
        score: 0,
        evidence: null,
        effect: 0,
        n: 1,
        nNeeded: 1,
        verdict: 'ok',
        reason: '',
        parts,
      } as const;
      const large = evaluation('large', at(1), { signals: [signal] });
      expect(JSON.stringify(large).length).toBeGreaterThan(400_000);
      await store().put(large);
      expect(await store().latest('large')).toEqual(large);
    });
  });

  describe('latest', () => {
    it('is the newest scheduled one, in whatever order they came', async () => {
      for (const hour of [2, 3, 1]) await store().put(evaluation('newest', at(hour)));
      expect((await store().latest('newest'))?.evaluatedAt).toBe(at(3));
      expect((await store().list('newest', { limit: 5 })).items).toHaveLength(3);
    });

    it('is never one made on demand', async () => {
      await store().put(evaluation('asked', at(2), { kind: 'on-demand' }));
      expect(await store().latest('asked')).toBeUndefined();
      await store().put(evaluation('asked', at(1)));
      expect((await store().latest('asked'))?.evaluatedAt).toBe(at(1));
    });

    it('before a moment is strictly before it', async () => {
      for (const hour of [1, 2, 3]) await store().put(evaluation('before', at(hour)));
      await store().put(evaluation('before', '2001-02-08T01:30:00.000Z', { kind: 'on-demand' }));
      expect((await store().latest('before', at(4)))?.evaluatedAt).toBe(at(3));
      expect((await store().latest('before', at(2)))?.evaluatedAt).toBe(at(1));
      expect(await store().latest('before', at(1))).toBeUndefined();
    });

    it('is undefined for a model that was never evaluated', async () => {
      expect(await store().latest('never')).toBeUndefined();
      expect(await store().list('never', { limit: 5 })).toEqual({ items: [] });
    });
  });

  describe('rows', () => {
    const rowOf = async (modelId: string) => (await store().rows()).find((row) => row.modelId === modelId);

    it('have the newest scheduled evaluation of a model, in whatever order they came', async () => {
      for (const hour of [2, 3, 1])
        await store().put(evaluation('row', at(hour), { verdict: hour === 3 ? 'at-risk' : 'healthy' }));
      await store().put(evaluation('row', at(4), { kind: 'on-demand' }));
      expect(await rowOf('row')).toMatchObject({ evaluatedAt: at(3), verdict: 'at-risk', verdictSince: at(3) });
    });

    it('keep the worst state of each day, also of what comes late', async () => {
      await store().put(evaluation('strip', '2001-02-10T01:00:00.000Z'));
      await store().put(evaluation('strip', at(1), { verdict: 'at-risk' }));
      await store().put(evaluation('strip', at(2)));
      expect((await rowOf('strip'))?.days).toEqual({ lastDay: '2001-02-10', states: 'b.h' });
    });

    it('do not count an evaluation twice, and merge what others wrote since they were read', async () => {
      const first = evaluation('merged', at(1));
      await store().put(first);
      const read = await rowOf('merged');
      await store().put(evaluation('merged', at(2), { verdict: 'at-risk' }), { before: read });
      await store().put(evaluation('merged', at(3)), { before: read });
      await store().put(first, { before: read });
      expect(await rowOf('merged')).toMatchObject({ revision: 3, evaluatedAt: at(3), days: { states: 'b' } });
    });

    it('count each of several evaluations that are written at once', async () => {
      await Promise.allSettled([1, 2, 3].map((hour) => store().put(evaluation('crowded', at(hour)))));
      for (const hour of [1, 2, 3]) await store().put(evaluation('crowded', at(hour)));
      expect(await rowOf('crowded')).toMatchObject({ revision: 3, evaluatedAt: at(3) });
    });
  });

  describe('timeline', () => {
    it('has a point for each scheduled evaluation in [from, to), ascending, each once', async () => {
      for (const hour of [3, 1, 2, 4]) await store().put(evaluation('points', at(hour), { stalenessScore: hour / 10 }));
      await store().put(evaluation('points', '2001-02-08T02:05:00.000Z'));
      await store().put(evaluation('points', '2001-02-08T02:10:00.000Z', { kind: 'on-demand' }));
      await store().put(evaluation('points', at(2), { stalenessScore: 0.9 }));
      const points = await store().timeline('points', { from: at(2), to: at(4) });
      expect(points.map((point) => [point.at.slice(11, 16), point.stalenessScore])).toEqual([
        ['02:00', 0.2],
        ['02:05', 0.2],
        ['03:00', 0.3],
      ]);
    });

    it('is empty for a model that was never evaluated', async () => {
      expect(await store().timeline('never', { from: at(1), to: at(2) })).toEqual([]);
    });
  });

  describe('list', () => {
    it('pages through both kinds, newest first, each once', async () => {
      for (const hour of [1, 2, 3, 4]) await store().put(evaluation('paged', at(hour)));
      await store().put(evaluation('paged', at(2), { kind: 'on-demand' }));
      await store().put(evaluation('paged-other', at(5)));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store().list('paged', { limit: 2, ...(cursor && { cursor }) });
        seen.push(...page.items.map(({ evaluatedAt, kind }) => `${evaluatedAt.slice(11, 13)} ${kind}`));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(['04 scheduled', '03 scheduled', '02 scheduled', '02 on-demand', '01 scheduled']);
    });

    it('has no cursor on a last page that is just full', async () => {
      for (const hour of [1, 2]) await store().put(evaluation('full', at(hour)));
      expect(await store().list('full', { limit: 2 })).not.toHaveProperty('cursor');
    });

    it('refuses the cursor of another list', async () => {
      for (const hour of [1, 2]) await store().put(evaluation('mine', at(hour)));
      const { cursor = '' } = await store().list('mine', { limit: 1 });
      for (const wrong of ['!', cursor]) {
        await expect(store().list('yours', { limit: 1, cursor: wrong })).rejects.toMatchObject({
          name: 'InvalidRequest',
          code: 'invalid-cursor',
        });
      }
    });
  });
}
