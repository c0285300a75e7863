import { expect, it } from 'vitest';
import type { Flights } from '../../../examples/flights/flights.ts';
import { isLate } from '../../../examples/flights/flights.ts';
import { lateRateMinutes } from '../../../examples/flights/late-rates.ts';
import { madeUpFlights } from './made-up-flights.ts';

/** The definition, word by word. */
function lateRate(flights: Flights, airport: number, now: number): number {
  const landed = [...flights.landing.keys()].filter(
    (flight) => flights.landing[flight]! <= now && flights.landing[flight]! > now - lateRateMinutes,
  );
  const touching = landed.flatMap((flight) =>
    [flights.origin[flight], flights.destination[flight]].filter((end) => end === airport).map(() => flight),
  );
  const late = touching.filter((flight) => isLate(flights, flight)).length;
  return (late + 0.2 * 20) / (touching.length + 20);
}

it('late rates count what landed at or from an airport in the three hours before, smoothed', () => {
  const flights = madeUpFlights(4);
  for (let flight = 0; flight < flights.count; flight += 13) {
    const now = flights.departure[flight]!;
    expect(flights.originLateRate[flight]).toBeCloseTo(lateRate(flights, flights.origin[flight]!, now), 6);
    expect(flights.destinationLateRate[flight]).toBeCloseTo(lateRate(flights, flights.destination[flight]!, now), 6);
  }
});

it('late rates do not know what has not landed', () => {
  const flights = madeUpFlights(4);
  const first = flights.departure.findIndex((_, flight) => flights.originLateRate[flight] !== Math.fround(0.2));
  expect(flights.departure[first]!).toBeGreaterThanOrEqual(Math.min(...flights.landing));
});
