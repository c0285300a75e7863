import type { Flights } from '../flights.ts';

/** Categorical inputs are hashed to this many weights. */
export const hashBits = 16;

/**
 * What a flight looks like to both models: seven hashed categories (hour, weekday, origin, destination, route,
 * origin × hour, destination × hour) and the logarithm of the distance. All strings are hashed once, into tables.
 */
export type Encoder = {
  readonly slotsPerFlight: number;
  /** Writes the flight's slots into `slots` from `offset`. */
  readonly writeSlots: (flight: number, slots: Int32Array | Uint16Array, offset: number) => void;
};

export function createEncoder(flights: Flights): Encoder {
  const { airports, hour, weekday, origin, destination } = flights;
  const count = airports.length;
  const hours = table(24, (i) => `hour=${i}`);
  const weekdays = table(7, (i) => `weekday=${i}`);
  const origins = table(count, (i) => `origin=${airports[i]}`);
  const destinations = table(count, (i) => `destination=${airports[i]}`);
  const routes = table(count * count, (i) => `route=${airports[Math.floor(i / count)]}-${airports[i % count]}`);
  const originHours = table(count * 24, (i) => `origin=${airports[Math.floor(i / 24)]}&hour=${i % 24}`);
  const destinationHours = table(count * 24, (i) => `destination=${airports[Math.floor(i / 24)]}&hour=${i % 24}`);
  return {
    slotsPerFlight: 7,
    writeSlots: (flight, slots, offset) => {
      const [from, to, at] = [origin[flight]!, destination[flight]!, hour[flight]!];
      slots[offset] = hours[at]!;
      slots[offset + 1] = weekdays[weekday[flight]!]!;
      slots[offset + 2] = origins[from]!;
      slots[offset + 3] = destinations[to]!;
      slots[offset + 4] = routes[from * count + to]!;
      slots[offset + 5] = originHours[from * 24 + at]!;
      slots[offset + 6] = destinationHours[to * 24 + at]!;
    },
  };
}

function table(size: number, token: (index: number) => string): Uint16Array {
  return Uint16Array.from({ length: size }, (_, index) => fnv1a(token(index)) & (2 ** hashBits - 1));
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // The low bits of FNV are its weak ones.
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Log of the distance, centred on 500 miles. */
export function logDistance(distance: number): number {
  return Math.log(distance / 500);
}

export function logit(ratio: number): number {
  const safe = Math.min(Math.max(ratio, 0.001), 0.999);
  return Math.log(safe / (1 - safe));
}
