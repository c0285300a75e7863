import { minutesPerDay } from './local-clock.ts';
import { seededRandom } from './seeded-random.ts';
import type { RawFlights } from './source-file.ts';

/** Every flight gets another flight's date (a seeded permutation of the dates) and keeps its time of day. */
export function shuffleDates(raw: RawFlights): RawFlights {
  const days = raw.localDeparture.map((minute) => Math.floor(minute / minutesPerDay));
  const random = seededRandom(2001);
  for (let i = days.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [days[i], days[j]] = [days[j]!, days[i]!];
  }
  return {
    ...raw,
    localDeparture: raw.localDeparture.map((minute, row) => days[row]! * minutesPerDay + (minute % minutesPerDay)),
  };
}
