import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause, Signal, SignalName, SignalPart } from '../../../shared/domain/health/evaluation.ts';
import { type Fusion, fuseSignals } from '../../../shared/domain/health/fuse-signals.ts';
import type { Former } from '../../../shared/domain/health/hysteresis.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { hourMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { policyWith } from './late-flights.ts';

const start = '2001-02-08T00:00:00.000Z';
const hour = (hours: number) => toInstant(toMillis(start) + hours * hourMillis);
const sight = { coverageRatio: 0.98, n: 11_213 };
const policy = policyWith();
const clearing = (clearEvaluations: number, clearRatio: number) =>
  policyWith(() => ({ hysteresis: { clearEvaluations, clearRatio } }));

/** null: lost. At the limit and beyond it is a breach. */
function signal(name: SignalName, effect: number | null, parts: readonly SignalPart[] = []): Signal {
  const base = { name, unit: '', evidence: null, n: 11_213, nNeeded: 500, parts, value: effect, effect };
  if (effect === null) return { ...base, score: null, verdict: 'insufficient-data', reason: 'needs 500 rows, has 120' };
  const verdict = effect >= 1 ? 'breach' : effect >= 0.5 ? 'warning' : 'ok';
  return { ...base, score: Math.min(1, Math.max(0, effect)), verdict, reason: `${name} at ${effect}` };
}

function part(name: string, effect: number | null): SignalPart {
  const verdict = effect === null ? 'insufficient-data' : effect >= 1 ? 'breach' : 'ok';
  return { name, value: effect, reference: 0, evidence: null, verdict, reason: `${name} is ${verdict}`, effect };
}

const others = [signal('performance', 0), signal('predictionDrift', 0), signal('age', 0)];

/** One evaluation an hour. */
function evaluations(given: readonly (readonly Signal[])[], of: Policy = policy, former?: Former): readonly Fusion[] {
  let previous = former;
  return given.map((signals, i) => {
    const evaluatedAt = hour(i);
    const fusion = fuseSignals({ policy: of, signals, sight, previous, evaluatedAt });
    previous = { ...fusion, evaluatedAt };
    return fusion;
  });
}

const drifting = (effects: readonly (number | null)[]) =>
  effects.map((effect) => [...others, signal('dataDrift', effect)]);
const verdicts = (fusions: readonly Fusion[]) => fusions.map(({ verdict }) => verdict);
const counts = (fusions: readonly Fusion[]) => fusions.map(({ breaches }) => breaches[0]?.clearEvaluations);

describe('a breach', () => {
  it('is over after two clear evaluations in a row, and says how many there were and since when it lasts', () => {
    const found = evaluations(drifting([1.2, 0.5, 0.5]));
    expect(verdicts(found)).toEqual(['at-risk', 'at-risk', 'healthy']);
    expect(found[1]?.breaches).toEqual([{ cause: 'dataDrift', since: hour(0), clearEvaluations: 1, parts: [] }]);
  });

  it('is not over while the effect is between the two limits', () => {
    expect(counts(evaluations(drifting([1.2, 0.5, 0.85, 0.5])))).toEqual([0, 1, 0, 1]);
  });

  it('is neither cleared nor nearer to it by evaluations that do not see it', () => {
    expect(counts(evaluations(drifting([1.2, 0.5, null, 0.5, null, null])))).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it('is not cleared by evaluations of low confidence', () => {
    const blind = [signal('performance', null), signal('predictionDrift', null), signal('age', 0)];
    const seen = [[...others, signal('dataDrift', 1.2)], ...[0, 0, 0].map(() => [...blind, signal('dataDrift', 0)])];
    const found = evaluations(seen);
    expect(found.at(-1)?.confidence.level).toBe('low');
    expect(counts(found)).toEqual([0, 0, 0, 0]);
  });

  it('keeps its beginning when it comes back before it was cleared', () => {
    const found = evaluations(drifting([1.2, 0.5, 1.5]));
    expect(found[2]?.breaches[0]).toMatchObject({ since: hour(0), clearEvaluations: 0 });
  });

  it('stands as long as the feature that breached cannot be measured, whatever the others show', () => {
    const withParts = (effect: number, origin: number | null) => [
      ...others,
      signal('dataDrift', effect, [part('origin', origin), part('distance', 0.1)]),
    ];
    const found = evaluations([withParts(1.2, 1.2), withParts(0.1, null), withParts(0.1, null), withParts(0.1, 0.1)]);
    expect(found[0]?.breaches[0]?.parts).toEqual(['origin']);
    expect(counts(found)).toEqual([0, 0, 0, 1]);
  });

  it('does not wait for a feature that the policy judges no more', () => {
    const { signals } = policy;
    const narrowed = policyWith(() => ({
      signals: { ...signals, dataDrift: { ...signals.dataDrift, features: ['distance'] } },
    }));
    const former = {
      verdict: 'at-risk',
      causes: ['dataDrift'],
      evaluatedAt: start,
      breaches: [{ cause: 'dataDrift', since: start, clearEvaluations: 0, parts: ['origin'] }],
    } as const satisfies Former;
    const now = [...others, signal('dataDrift', 0.1, [part('origin', null), part('distance', 0.1)])];
    expect(verdicts(evaluations([now, now], narrowed, former))).toEqual(['at-risk', 'healthy']);
  });

  it('rests on the judged features alone', () => {
    const { signals } = policy;
    const narrowed = policyWith(() => ({
      signals: { ...signals, dataDrift: { ...signals.dataDrift, features: ['distance'] } },
    }));
    const now = [...others, signal('dataDrift', 1.1, [part('origin', 3), part('distance:missing', 1.1)])];
    expect(evaluations([now], narrowed)[0]?.breaches).toMatchObject([{ parts: ['distance:missing'] }]);
  });

  it('clears apart from the others', () => {
    const both: Former = { verdict: 'at-risk', causes: ['performance', 'dataDrift'], evaluatedAt: start };
    const now = [signal('performance', null), ...others.slice(1), signal('dataDrift', 0)];
    expect(evaluations([now, now], policy, both).map(({ causes }) => causes)).toEqual([
      ['performance', 'dataDrift'],
      ['performance'],
    ]);
  });

  it('of an evaluation from before breaches were kept begins with that evaluation', () => {
    const former: Former = { verdict: 'at-risk', causes: ['dataDrift'], evaluatedAt: start };
    const [first] = evaluations(drifting([0.9]), policy, former);
    expect(first?.breaches).toEqual([{ cause: 'dataDrift', since: start, clearEvaluations: 0, parts: [] }]);
  });
});

describe('a staleness score that was too high', () => {
  const former: Former = { verdict: 'at-risk', causes: ['staleness-score'], evaluatedAt: start };
  const scored = (performance: number | null, rest: number) => [
    signal('performance', performance),
    signal('dataDrift', rest),
    signal('predictionDrift', rest),
    signal('age', rest),
  ];

  it('clears below its own clearing limit, 0.8 of 0.6', () => {
    const above = scored(0.5, 0.5);
    const below = scored(0.45, 0.45);
    expect(verdicts(evaluations([above, above, above], policy, former))).toEqual(['at-risk', 'at-risk', 'at-risk']);
    expect(verdicts(evaluations([below, below], policy, former))).toEqual(['at-risk', 'healthy']);
  });

  it('does not clear while a lost signal at its worst would bring it back', () => {
    const lost = scored(null, 0.1);
    expect(verdicts(evaluations([lost, lost, lost], policy, former))).toEqual(['at-risk', 'at-risk', 'at-risk']);
  });
});

const walk = fc
  .tuple(
    fc.double({ min: 0, max: 2, noNaN: true }),
    fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { maxLength: 200 }),
  )
  .map(([first, steps]) => {
    const effects = [first];
    for (const step of steps) effects.push(Math.max(0, effects.at(-1)! + step));
    return effects;
  });

function transitions(of: readonly Fusion['verdict'][]): number {
  return of.filter((verdict, i) => i > 0 && verdict !== of[i - 1]).length;
}

describe('whatever way an effect wanders', () => {
  it('a model turns no more often than the effect crosses the whole band between both limits', () => {
    fc.assert(
      fc.property(
        walk,
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0.5, max: 0.95, noNaN: true }),
        (effects, n, ratio) => {
          const turns = transitions(verdicts(evaluations(drifting(effects), clearing(n, ratio))));
          const travelled = effects.reduce((sum, effect, i) => sum + Math.abs(effect - (effects[i - 1] ?? effect)), 0);
          expect(turns).toBeLessThanOrEqual(1 + travelled / (1 - ratio));
        },
      ),
    );
  });

  it('it never turns more often than without hysteresis, and recovers only after so many clear evaluations in a row', () => {
    fc.assert(
      fc.property(walk, fc.integer({ min: 1, max: 4 }), (effects, n) => {
        const found = verdicts(evaluations(drifting(effects), clearing(n, 0.8)));
        const naive = effects.map((effect) => (effect >= 1 ? 'at-risk' : 'healthy'));
        expect(transitions(found)).toBeLessThanOrEqual(transitions(naive as Fusion['verdict'][]));
        for (const [i, verdict] of found.entries()) {
          if (verdict !== 'healthy' || found[i - 1] !== 'at-risk') continue;
          const last = effects.slice(Math.max(0, i - n + 1), i + 1);
          expect(last).toHaveLength(n);
          expect(Math.max(...last)).toBeLessThan(0.8);
        }
      }),
    );
  });

  it('one clear evaluation at the limit itself is no hysteresis at all', () => {
    fc.assert(
      fc.property(walk, (effects) => {
        const naive = effects.map((effect) => (effect >= 1 ? 'at-risk' : 'healthy'));
        expect(verdicts(evaluations(drifting(effects), clearing(1, 1)))).toEqual(naive);
      }),
    );
  });

  it('the causes are those of the breaches, each once', () => {
    const name = fc.constantFrom<Cause>('performance', 'dataDrift', 'staleness-score');
    fc.assert(
      fc.property(walk, fc.uniqueArray(name), (effects, causes) => {
        const former: Former = { verdict: causes.length > 0 ? 'at-risk' : 'healthy', causes, evaluatedAt: start };
        for (const fusion of evaluations(drifting(effects), policy, former)) {
          expect(fusion.causes).toEqual(fusion.breaches.map(({ cause }) => cause));
          expect(new Set(fusion.causes).size).toBe(fusion.causes.length);
        }
      }),
    );
  });
});
