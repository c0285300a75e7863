/** Wakes whoever follows the graph's change log. */
export interface GraphHints {
  /** May be lost: followers look for themselves, too. Throws `DependencyUnavailable`. */
  changed(): Promise<void>;
}
