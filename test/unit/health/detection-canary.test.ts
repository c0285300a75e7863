import { describe, expect, it } from 'vitest';
import { advanceCanary, newCanary } from '../../../shared/domain/health/detection-canary/advance-canary.ts';
import { canaryPredictions } from '../../../shared/domain/health/detection-canary/canary-rows.ts';
import type { CanaryState, ToldHealth } from '../../../shared/domain/health/detection-canary/canary-state.ts';

const start = Date.parse('2026-11-21T00:00:00.000Z');
/** Three hours before the first episode. */
const quiet = (22 * 24 - 3) * 60;
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
const healthy: ToldHealth = { status: 'healthy', since: at(0) };
const atRisk = (minutes: number): ToldHealth => ({ status: 'at-risk', since: at(minutes) });

/** Ticks every five minutes; `told` says what owners are told at a minute. */
function run(
  minutes: number,
  told: (minute: number, state: CanaryState) => { drifting?: ToldHealth; steady?: ToldHealth } = () => ({}),
) {
  let state = newCanary(at(-quiet));
  const figures: { minute: number; figures: ReturnType<typeof advanceCanary>['figures'] }[] = [];
  for (let minute = 5; minute <= minutes; minute += 5) {
    const { drifting = healthy, steady = healthy } = told(minute, state);
    const models = { drifting: { modelId: 'd', health: drifting }, steady: { modelId: 's', health: steady } };
    const next = advanceCanary(state, models, at(minute));
    state = next.state;
    figures.push({ minute, figures: next.figures });
  }
  return { state, figures, told: figures.filter((each) => Object.keys(each.figures).length > 0) };
}

describe('the detection canary', () => {
  it('begins to drift after three quiet hours and measures the time to the alert', () => {
    const { told, state } = run(300, (minute) => (minute >= 225 ? { drifting: atRisk(222) } : {}));
    expect(told[0]).toEqual({ minute: 225, figures: { detectionMinutes: 42, missed: 0, alertPrecision: 1 } });
    expect(state).toMatchObject({ episodes: 1, alerts: [true] });
    expect(state.episode).toBeUndefined();
  });

  it('gives up after six hours, which count as missed', () => {
    const { told } = run(600);
    expect(told).toEqual([{ minute: 540, figures: { detectionMinutes: 360, missed: 1 } }]);
  });

  it('counts an alert about the steady model as false, once', () => {
    const { figures, state } = run(60, (minute) => (minute >= 30 ? { steady: atRisk(28) } : {}));
    expect(state.alerts).toEqual([false]);
    expect(figures.at(-1)?.figures).toEqual({ alertPrecision: 0 });
  });

  it('counts an alert before any drift as false and one that echoes it as true', () => {
    expect(run(60, (minute) => (minute >= 30 ? { drifting: atRisk(28) } : {})).state.alerts).toEqual([false]);
    const echoing = run(500, (minute) => {
      if (minute < 225) return {};
      if (minute < 300) return { drifting: atRisk(222) };
      return minute < 400 ? {} : { drifting: atRisk(398) };
    });
    expect(echoing.state.alerts).toEqual([true, true]);
  });

  it('does not begin to drift while the last alert stands', () => {
    const { state } = run(6_000, (minute) => (minute >= 225 ? { drifting: atRisk(222) } : {}));
    expect(state.episodes).toBe(1);
  });

  it('drifts again a day or two later, at another hour', () => {
    const { state } = run(3_600);
    expect(state.episodes).toBe(2);
    const again = run(3_600);
    expect(again.state).toEqual(state);
  });
});

describe('what it serves', () => {
  const model = { modelId: 'canary', version: 1 };

  it('is the same for the same stretch, and continues where the last ended', () => {
    const whole = canaryPredictions(model, { from: at(0), to: at(10), inputs: 'as-trained' });
    const parts = [at(0), at(5)].flatMap((from, i) =>
      canaryPredictions(model, { from, to: [at(5), at(10)][i]!, inputs: 'as-trained' }),
    );
    expect(whole).toHaveLength(80);
    expect(parts).toEqual(whole);
  });

  it('makes up for an hour at most', () => {
    expect(canaryPredictions(model, { from: at(0), to: at(600), inputs: 'as-trained' })).toHaveLength(480);
  });

  it('drifts in the amount only', () => {
    const stretch = { from: at(0), to: at(60) };
    const amounts = (inputs: 'as-trained' | 'drifted') =>
      canaryPredictions(model, { ...stretch, inputs }).map(({ features }) => Number(features.amount));
    expect(Math.min(...amounts('drifted'))).toBeGreaterThanOrEqual(0.8);
    expect(Math.min(...amounts('as-trained'))).toBeLessThan(0.05);
  });
});
