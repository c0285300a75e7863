/** How things really are: what comes in, and how likely an aeroplane then is late. */
export type Weather = {
  /** Crowding of the airport, 0..1, of the `u`-th of all flights, u even over 0..1. */
  readonly crowding: (u: number) => number;
  readonly lateRatio: (crowding: number) => number;
};
/** What a training run has learnt: a line. */
export type Scorer = { readonly intercept: number; readonly slope: number };
export type Flight = { readonly crowding: number; readonly label: 0 | 1 };

const rising = (crowding: number) => 0.05 + 0.9 * crowding;

export const calm: Weather = { crowding: (u) => u, lateRatio: rising };
/** The airport is crowded now; crowding still means what it meant. */
export const crowded: Weather = { crowding: (u) => 0.9 + 0.1 * u, lateRatio: rising };
/** It is crowded, and because somebody has built a runway, that no longer makes anybody late. */
export const rebuilt: Weather = { crowding: (u) => 0.9 + 0.1 * u, lateRatio: (crowding) => 0.95 - 0.9 * crowding };

export const right: Scorer = { intercept: 0.05, slope: 0.9 };
export const reversed: Scorer = { intercept: 0.95, slope: -0.9 };
export const sureOfIt: Scorer = { intercept: 0.05, slope: 0.94 };

export function score({ intercept, slope }: Scorer, crowding: number): number {
  return intercept + slope * crowding;
}

/** The i-th flight. Two sequences that fill the unit square evenly stand for chance, so that every run is the same. */
export function flight({ crowding: of, lateRatio }: Weather, i: number): Flight {
  const crowding = of((i * 0.754_877_666_25) % 1);
  return { crowding, label: (i * 0.569_840_290_998) % 1 < lateRatio(crowding) ? 1 : 0 };
}
