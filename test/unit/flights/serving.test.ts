import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashRatio, isLate } from '../../../examples/flights/flights.ts';
import { route } from '../../../examples/flights/runway/routing-table.ts';
import { departures, outcomeOf, predict } from '../../../examples/flights/serve-flights.ts';
import { callScore } from '../../../examples/flights/settings.ts';
import { outcomeSchema, predictionSchema } from '../../../shared/domain/ground-truth/records.ts';
import { madeUpFlights } from './made-up-flights.ts';

const flights = madeUpFlights(5);
const at = '2001-02-10T00:00:00.000Z';

function canary(candidatePercent: number) {
  return {
    generation: 7,
    arms: [
      { version: 1, role: 'champion', weightPercent: 100 - candidatePercent },
      { version: 2, role: 'candidate', weightPercent: candidatePercent },
    ],
    shadows: [{ version: 2 }, { version: 1 }],
    rolloutId: 'late-basic-o1',
  };
}

describe('routing', () => {
  it('gives each arm its weight', () => {
    for (const percent of [5, 20, 50]) {
      const served = Array.from(
        { length: 20_000 },
        (_, flight) => route(canary(percent), hashRatio(flight, 12), at).serves,
      );
      expect(served.filter((version) => version === 2).length / served.length).toBeCloseTo(percent / 100, 2);
    }
  });

  it('leaves whoever was with the candidate there when its weight grows', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (ratio) => {
        const [small, large] = [route(canary(5), ratio, at), route(canary(50), ratio, at)];
        expect(small.serves === 2 && large.serves === 1).toBe(false);
      }),
    );
  });

  it('lets the other arm score in shadow, never the one that serves', () => {
    expect(route(canary(20), 0.1, at)).toEqual({ serves: 2, shadows: [1] });
    expect(route(canary(20), 0.9, at)).toEqual({ serves: 1, shadows: [2] });
  });

  it('keeps a withdrawn version in shadow until its time, and no longer', () => {
    const routing = {
      generation: 9,
      arms: [{ version: 2, role: 'champion', weightPercent: 100 }],
      shadows: [{ version: 1, until: at }],
    };
    expect(route(routing, 0.5, '2001-02-09T23:59:00.000Z').shadows).toEqual([1]);
    expect(route(routing, 0.5, at).shadows).toEqual([]);
  });
});

describe('serving', () => {
  const model = {
    name: 'late-live' as const,
    routing: canary(50),
    scorers: new Map([
      [1, () => 0.25],
      [2, () => 0.5],
    ]),
  };

  it('makes predictions and outcomes that Runway accepts', () => {
    for (let flight = 0; flight < 50; flight++) {
      const prediction = predict(flights, flight, model, () => 0.125);
      expect(predictionSchema.parse(prediction)).toEqual(prediction);
      const outcome = outcomeOf(flights, flight, 'late-live', prediction.score);
      expect(outcomeSchema.parse(outcome)).toEqual(outcome);
      expect(outcome.predictedAt).toBe(prediction.predictedAt);
      expect(outcome.predictionId).toBe(prediction.predictionId);
    }
  });

  it('sends the score of late-basic that was served as an input of late-live', () => {
    expect(predict(flights, 3, model, () => 0.125).features).toMatchObject({ lateBasicScore: 0.125 });
  });

  it('scores with the version that serves and shadows with the other', () => {
    const prediction = predict(flights, 3, model, () => 0.125);
    const scores = new Map([
      [prediction.modelVersion, prediction.score],
      ...prediction.shadows.map(({ modelVersion, score }) => [modelVersion, score] as const),
    ]);
    expect(scores).toEqual(
      new Map([
        [1, 0.25],
        [2, 0.5],
      ]),
    );
    expect(prediction.rolloutId).toBe('late-basic-o1');
  });

  it('calls right what it called late and was, and what it did not and was not', () => {
    const late = flights.delay.findIndex((_, flight) => isLate(flights, flight));
    const onTime = flights.delay.findIndex((_, flight) => !isLate(flights, flight));
    const value = (flight: number, score: number) => outcomeOf(flights, flight, 'late-basic', score).businessValue;
    expect([value(late, callScore), value(late, callScore - 0.01)]).toEqual([1, 0]);
    expect([value(onTime, callScore), value(onTime, callScore - 0.01)]).toEqual([0, 1]);
  });

  it('takes each flight of the sample once, however the time is cut', () => {
    const [from, to] = [flights.departure[0]!, flights.departure.at(-1)! + 1];
    const whole = departures(flights, from, to, 0.3);
    const cuts = [from, from + 777, from + 3_000, to];
    const pieces = cuts.slice(1).flatMap((end, i) => departures(flights, cuts[i]!, end, 0.3));
    expect(pieces).toEqual(whole);
    expect(whole.length / flights.count).toBeCloseTo(0.3, 1);
  });
});
