type Entry<T> = { readonly stamp: string; readonly value: T; readonly bytes: number };

/** Values under a key and a stamp, the least recently used given up first. A character of a key counts two bytes. */
export function createByteCache<T>(maximumBytes: number, bytesOf: (value: T) => number) {
  const entries = new Map<string, Entry<T>>();
  let held = 0;

  function remove(key: string): void {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  function add(key: string, entry: Entry<T>): void {
    remove(key);
    entries.set(key, entry);
    held += entry.bytes;
  }

  return {
    /** Undefined, and forgotten, when it was kept under another stamp. */
    get(key: string, stamp: string): T | undefined {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.stamp === stamp) add(key, entry);
      else remove(key);
      return entry.stamp === stamp ? entry.value : undefined;
    },
    set(key: string, stamp: string, value: T): void {
      add(key, { stamp, value, bytes: 2 * (key.length + stamp.length) + bytesOf(value) });
      for (const oldest of entries.keys()) {
        if (held <= maximumBytes) break;
        remove(oldest);
      }
    },
  };
}
