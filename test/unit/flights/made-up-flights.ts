import { deriveFlights } from '../../../examples/flights/derive-flights.ts';
import type { Flights } from '../../../examples/flights/flights.ts';
import { fillLateRates } from '../../../examples/flights/late-rates.ts';
import { seededRandom } from '../../../examples/flights/seeded-random.ts';
import { type RawRow, rawFlights, zones } from './raw-flights.ts';

const airports = ['BOS', 'DEN', 'PHX'] as const;

/** Forty days of 200 flights each between three airports; evenings and Denver are late. */
export function madeUpFlights(days = 40): Flights {
  const random = seededRandom(7);
  const rows = Array.from({ length: days * 200 }, (_, i): RawRow => {
    const hour = 5 + Math.floor(random() * 19);
    const from = airports[Math.floor(random() * 3)] ?? 'BOS';
    const to = airports[Math.floor(random() * 3)] ?? 'DEN';
    const chance = 0.05 + 0.02 * (hour - 5) + (from === 'DEN' ? 0.2 : 0);
    const day = new Date(Date.UTC(2001, 0, 1 + Math.floor(i / 200))).toISOString().slice(0, 10);
    const minute = String(Math.floor(random() * 60)).padStart(2, '0');
    const at = `${day}T${String(hour).padStart(2, '0')}:${minute}`;
    return { at, from, to, distance: 300 + Math.floor(random() * 1_500), delay: random() < chance ? 40 : -3 };
  });
  const flights = deriveFlights(rawFlights(rows), zones);
  fillLateRates(flights);
  return flights;
}
