/** What other values these keys have, in the order of the map's keys; undefined: the key is not there. */
type Difference<V> = {
  readonly from: VersionedMap<V>;
  readonly keys: ReadonlyMap<string, unknown>;
  readonly values: readonly (V | undefined)[];
};

/**
 * A map whose versions stay as they are: `with` gives another and copies nothing. The version asked last holds the
 * entries, the others what is different in them (Baker 1991, "Shallow Binding Makes Functional Arrays Fast"). So the
 * newest is as fast as a map of its own, and to go back costs what has changed since.
 */
export class VersionedMap<V> {
  /** Undefined: another version holds them. */
  #entries: Map<string, V> | undefined;
  #difference: Difference<V> | undefined;

  /** Takes the map over. */
  constructor(entries: Map<string, V> = new Map()) {
    this.#entries = entries;
  }

  get size(): number {
    return this.#held().size;
  }

  get(key: string): V | undefined {
    return this.#held().get(key);
  }

  values(): Iterable<V> {
    return this.#held().values();
  }

  /** `befores` are the values of the changed keys until now, in their order; undefined if there was none. */
  with(changed: ReadonlyMap<string, V>, befores: readonly (V | undefined)[]): VersionedMap<V> {
    const entries = this.#held();
    for (const [key, value] of changed) entries.set(key, value);
    const next = new VersionedMap(entries);
    this.#entries = undefined;
    this.#difference = { from: next, keys: changed, values: befores };
    return next;
  }

  #held(): Map<string, V> {
    return this.#entries ?? this.#takeOver();
  }

  #takeOver(): Map<string, V> {
    const path: VersionedMap<V>[] = [this];
    for (let next = this.#from(); next !== undefined; next = next.#from()) path.push(next);
    // The last one holds them.
    for (const version of path.slice(0, -1).toReversed()) version.#take();
    return this.#entries!;
  }

  /** Which version it differs from; undefined when it holds the entries. */
  #from(): VersionedMap<V> | undefined {
    return this.#difference === undefined ? undefined : this.#difference.from;
  }

  /** From the next version, which holds them. */
  #take(): void {
    const { from, keys, values } = this.#difference!;
    const entries = from.#entries!;
    const others: (V | undefined)[] = [];
    let i = 0;
    for (const key of keys.keys()) {
      others.push(entries.get(key));
      const value = values[i];
      if (value === undefined) entries.delete(key);
      else entries.set(key, value);
      i += 1;
    }
    from.#entries = undefined;
    from.#difference = { from: this, keys, values: others };
    this.#entries = entries;
    this.#difference = undefined;
  }
}
