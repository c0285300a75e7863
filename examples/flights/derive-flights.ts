import type { Zone } from './airports.ts';
import { minutesToUtc } from './airports.ts';
import type { Flights } from './flights.ts';
import { allocateFlights } from './flights.ts';
import { localHour, localWeekday } from './local-clock.ts';
import { orderBy } from './order-by.ts';
import type { RawFlights } from './source-file.ts';

const milesPerMinute = 7.5;
export const groundMinutes = 35;

/** In UTC, with the derived landing, in order of departure; the late rates are still to be filled. */
export function deriveFlights(raw: RawFlights, zones: readonly Zone[]): Flights {
  const departures = raw.localDeparture.map((minute, row) => minute + minutesToUtc(zones[raw.origin[row]!]!, minute));
  const flights = allocateFlights(raw.count, raw.airports);
  const order = orderBy(departures);
  for (let flight = 0; flight < order.length; flight++) {
    const row = order[flight]!;
    flights.departure[flight] = departures[row]!;
    flights.landing[flight] = departures[row]! + minutesToLanding(raw.distance[row]!, raw.delay[row]!);
    flights.delay[flight] = raw.delay[row]!;
    flights.distance[flight] = raw.distance[row]!;
    flights.origin[flight] = raw.origin[row]!;
    flights.destination[flight] = raw.destination[row]!;
    flights.hour[flight] = localHour(raw.localDeparture[row]!);
    flights.weekday[flight] = localWeekday(raw.localDeparture[row]!);
  }
  return flights;
}

/** The source has no arrival: 35 minutes on the ground, the cruise, and the delay; never before the cruise alone ends. */
function minutesToLanding(distance: number, delay: number): number {
  return Math.round(distance / milesPerMinute) + Math.max(0, groundMinutes + delay);
}
