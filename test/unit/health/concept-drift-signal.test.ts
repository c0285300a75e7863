import { describe, expect, it } from 'vitest';
import type { HourlyPerformance } from '../../../shared/domain/ground-truth/aggregates.ts';
import { coverageOf } from '../../../shared/domain/ground-truth/coverage.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { conceptDriftSignal } from '../../../shared/domain/health/concept-drift-signal.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { hourMillis, hourOf, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { policyWith } from './late-flights.ts';

/** A miscalibrated but informative model: the truth is `meaning(score)`. */
type World = { readonly score: (u: number) => number; readonly meaning: (score: number) => number };
const usual: World = { score: (u) => u, meaning: (score) => 0.1 + 0.7 * score };
const window = { from: '2001-01-31T00:00:00.000Z', to: '2001-02-08T00:00:00.000Z' };

function rowsOf({ score, meaning }: World, count: number, random: () => number) {
  return Array.from({ length: count }, () => {
    const s = score(random());
    return { score: s, label: random() < meaning(s) ? 1 : 0 };
  });
}

function hoursOf(world: World, perHour: number, seed: number): readonly HourlyPerformance[] {
  const random = seededRandom(seed);
  const hours: HourlyPerformance[] = [];
  for (let at = toMillis(window.from); at < toMillis(window.to); at += hourMillis)
    hours.push({
      hour: hourOf(toInstant(at)),
      predictions: perHour,
      performance: performanceOf('binary', rowsOf(world, perHour, random)),
    });
  return hours;
}

const baseline = performanceOf('binary', rowsOf(usual, 20_000, seededRandom(1)));

function signalOf(world: World, { perHour = 60, seed = 2, reference = baseline } = {}) {
  const hours = hoursOf(world, perHour, seed);
  return conceptDriftSignal(policyWith(), reference, { hours, window, coverage: coverageOf(hours, 0, window.to) });
}

describe('conceptDriftSignal', () => {
  it('is ok where scores mean what they meant, however miscalibrated they are', () => {
    const signal = signalOf(usual);
    expect(signal).toMatchObject({ name: 'conceptDrift', verdict: 'ok', maturity: 1, n: 11_520 });
    expect(Math.abs(signal.value ?? 1)).toBeLessThan(0.03);
  });

  it('never breaches when only the scores move, over forty seeds and three shifts', () => {
    const shifts = [(u: number) => u ** 3, (u: number) => 1 - u ** 3, (u: number) => 0.8 + 0.2 * u];
    const verdicts = shifts.flatMap((score) =>
      Array.from({ length: 40 }, (_, seed) => signalOf({ ...usual, score }, { perHour: 30, seed: 100 + seed }).verdict),
    );
    expect(verdicts.filter((verdict) => verdict === 'breach' || verdict === 'warning')).toEqual([]);
  });

  it('breaches when labels are flipped at the same scores', () => {
    const signal = signalOf({ ...usual, meaning: (score) => 1 - usual.meaning(score) });
    expect(signal.verdict).toBe('breach');
    expect(signal.reason).toMatch(
      /^log loss is \d+(\.\d+)? % above what these scores cost on the baseline \(limit 10 %, p /,
    );
  });

  it('sees labels that became more certain, which lowers no loss limit', () => {
    const signal = signalOf({ ...usual, meaning: (score) => (score > 0.5 ? 0.98 : 0.02) });
    const calibration = signal.parts.find(({ name }) => name === 'calibration');
    expect(calibration).toMatchObject({ verdict: 'breach' });
    expect(calibration?.value).toBeLessThan(0);
    expect(signal.parts.find(({ name }) => name === 'logLoss')?.verdict).not.toBe('breach');
  });

  it('says nothing of scores that the baseline hardly has', () => {
    const narrow = performanceOf('binary', rowsOf({ ...usual, score: (u) => 0.3 * u }, 20_000, seededRandom(5)));
    const signal = signalOf({ ...usual, score: (u) => 0.6 + 0.4 * u }, { reference: narrow });
    expect(signal.verdict).toBe('insufficient-data');
    expect(signal.reason).toMatch(/^the baseline hardly has scores like 100 % of these/);
  });

  it('is insufficient without labels, in the window or in the baseline', () => {
    const none = { hours: [], window, coverage: coverageOf([], 0, window.to) };
    expect(conceptDriftSignal(policyWith(), baseline, none).reason).toBe('needs 30 rows, has 0 with an outcome');
    expect(conceptDriftSignal(policyWith(), undefined, none).reason).toBe('the baseline has no labels of both classes');
  });
});
