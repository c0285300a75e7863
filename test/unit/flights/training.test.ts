import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { flightId, instantOf, isLate } from '../../../examples/flights/flights.ts';
import { decodeArtifact, digestOf } from '../../../examples/flights/models/artifact.ts';
import { createEncoder } from '../../../examples/flights/models/encoder.ts';
import { featureSchemaOf } from '../../../examples/flights/models/features.ts';
import { createScorer } from '../../../examples/flights/models/flight-model.ts';
import { flightsIn, holdoutDays, holdoutFile, trainVersion, windowFor } from '../../../examples/flights/training.ts';
import { madeUpFlights } from './made-up-flights.ts';

const flights = madeUpFlights();
const encoder = createEncoder(flights);
const window = { from: flights.departure[0]!, to: flights.departure[0]! + 28 * 1_440 };
const none = () => Number.NaN;
const basic = trainVersion({ model: 'late-basic', flights, encoder, window, basicScore: none });
const live = trainVersion({ model: 'late-live', flights, encoder, window, basicScore: basic.score });
const rowsOf = (file: Buffer) =>
  gunzipSync(file)
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const meanLoss = (score: (flight: number) => number, rows: Int32Array) =>
  rows.reduce((sum, flight) => sum - Math.log(isLate(flights, flight) ? score(flight) : 1 - score(flight)), 0) /
  rows.length;

describe('training', () => {
  it('gives the same artefact for the same flights, bit for bit', () => {
    const again = trainVersion({ model: 'late-basic', flights, encoder, window, basicScore: none });
    expect(digestOf(again.artifact)).toBe(digestOf(basic.artifact));
  });

  it('learns what makes flights late', () => {
    const later = flightsIn(flights, { from: window.to, to: window.to + 10 * 1_440 });
    const rate = later.filter((flight) => isLate(flights, flight)).length / later.length;
    const constant = meanLoss(() => rate, later);
    expect(meanLoss(basic.score, later)).toBeLessThan(0.97 * constant);
    expect(meanLoss(live.score, later)).toBeLessThan(0.97 * constant);
  });

  it('keeps one flight in twenty as reference and never trains on it', () => {
    const trainedOn = new Set<number>();
    const labelOf = (flight: number) => {
      trainedOn.add(flight);
      return isLate(flights, flight);
    };
    const trained = trainVersion({ model: 'late-basic', flights, encoder, window, basicScore: none, labelOf });
    const known = flightsIn(flights, window);
    const leftOut = known.filter((flight) => !trainedOn.has(flight));
    expect(leftOut.length / known.length).toBeCloseTo(0.05, 1);
    const scores = rowsOf(trained.reference).map(({ score }) => score.toFixed(5));
    expect(scores).toEqual(Array.from(leftOut, (flight) => trained.score(flight).toFixed(5)));
  });

  it('describes the reference by the features of the schema', () => {
    for (const [model, { reference }] of [
      ['late-basic', basic],
      ['late-live', live],
    ] as const) {
      const [row] = rowsOf(reference);
      expect(Object.keys(row.features).toSorted()).toEqual(
        featureSchemaOf(model)
          .map(({ name }) => name)
          .toSorted(),
      );
      for (const { name, type } of featureSchemaOf(model))
        expect(typeof row.features[name]).toBe(type === 'numeric' ? 'number' : 'string');
    }
  });

  it('says when each reference flight left, in the window, so that there is a baseline by days', () => {
    const times = rowsOf(basic.reference).map(({ predictedAt }) => String(predictedAt));
    for (const time of times) {
      expect(time >= instantOf(window.from)).toBe(true);
      expect(time <= instantOf(window.to - 1)).toBe(true);
    }
    expect(new Set(times.map((time) => time.slice(0, 10))).size).toBeGreaterThanOrEqual(8);
  });

  it('uses only flights that have landed', () => {
    expect(flightsIn(flights, window).every((flight) => flights.landing[flight]! <= window.to)).toBe(true);
  });
});

describe('an artefact', () => {
  it('scores as the model it was made of', () => {
    const scorer = createScorer('late-live', decodeArtifact('late-live', live.artifact), flights, encoder, basic.score);
    for (let flight = 0; flight < 200; flight++) expect(scorer(flight)).toBe(live.score(flight));
  });

  it('is refused under another model', () => {
    expect(() => decodeArtifact('late-basic', live.artifact)).toThrow();
    expect(() => decodeArtifact('late-basic', Buffer.from('{"format":"other/1"}'))).toThrow();
  });
});

describe('the hold-out', () => {
  const requestedAt = window.from + 39 * 1_440 + 600;

  it('is strictly later than training and known when it was asked for', () => {
    const trained = windowFor('late-live', flights, requestedAt);
    const rows = rowsOf(holdoutFile(flights, { from: trained.to, to: requestedAt }, basic.score, live.score));
    expect(rows.length).toBeGreaterThan(200);
    for (const row of rows) expect(Date.parse(row.predictedAt)).toBeGreaterThanOrEqual(trained.to * 60_000);
    expect((requestedAt - trained.to) / 1_440).toBeGreaterThanOrEqual(holdoutDays);
    expect(trained.to % 1_440).toBe(0);
  });

  it('holds both scores and the truth of the same flight', () => {
    const rows = rowsOf(holdoutFile(flights, { from: window.to, to: requestedAt }, basic.score, live.score));
    const byId = new Map(Array.from({ length: flights.count }, (_, flight) => [flightId(flight), flight]));
    for (const row of rows.slice(0, 100)) {
      const flight = byId.get(row.predictionId)!;
      expect(row.label).toBe(isLate(flights, flight) ? 1 : 0);
      expect(row.championScore).toBeCloseTo(basic.score(flight), 4);
      expect(row.candidateScore).toBeCloseTo(live.score(flight), 4);
    }
  });

  it('leaves late-basic the 42 days before it and late-live everything', () => {
    const far = window.from + 100 * 1_440;
    expect(windowFor('late-basic', flights, far).from).toBe(windowFor('late-basic', flights, far).to - 42 * 1_440);
    expect(windowFor('late-live', flights, far).from).toBe(flights.departure[0]);
  });
});
