/** Estimates of rare events vary, and one new category brings several rows. */
const tolerance = 2;

/**
 * Rows of unseen categories beyond those that a reference of this size leaves unseen anyhow: its share of rows whose
 * category came once is the chance that the next row is of a new one (Good 1953, "The population frequencies of species and
 * the estimation of population parameters"). Up to twice as many are no news.
 */
export function unseenExcess(unseen: number, rows: number, singletonRatio: number): number {
  return Math.max(0, unseen - Math.ceil(tolerance * singletonRatio * rows));
}
