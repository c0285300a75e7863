/**
 * A map that further entries are laid over, the newest last. Laying over copies each entry a logarithmic number of times
 * in all, and leaves the maps below as they are.
 */
export type LayeredMap<V> = readonly ReadonlyMap<string, V>[];

export function findInLayers<V>(layers: LayeredMap<V>, key: string): V | undefined {
  for (let i = layers.length - 1; i >= 0; i -= 1) {
    const value = layers[i]!.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}

export function layOver<V>(layers: LayeredMap<V>, top: ReadonlyMap<string, V>): LayeredMap<V> {
  const kept = [...layers];
  let merged = top;
  while (kept.length > 0 && kept.at(-1)!.size < 2 * merged.size) {
    const below = new Map(kept.pop());
    for (const [key, value] of merged) below.set(key, value);
    merged = below;
  }
  return merged.size === 0 ? kept : [...kept, merged];
}

/** Each key once, with its newest value. */
export function* valuesOfLayers<V>(layers: LayeredMap<V>): Iterable<V> {
  for (const [i, layer] of layers.entries()) {
    const above = layers.slice(i + 1);
    for (const [key, value] of layer) if (!above.some((one) => one.has(key))) yield value;
  }
}

/** Entries held, those that are laid over included. */
export function layeredSize(layers: LayeredMap<unknown>): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}
