type Entry = { readonly stamp: string; readonly text: string };

/** Texts under a key and a stamp, the least recently used given up first. A text counts two bytes a character. */
export function createByteCache(maximumBytes: number) {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  const sizeOf = (key: string, { text }: Entry) => 2 * (key.length + text.length);

  function remove(key: string): void {
    const entry = entries.get(key);
    if (entry !== undefined) bytes -= sizeOf(key, entry);
    entries.delete(key);
  }

  return {
    /** Undefined, and forgotten, when it was kept under another stamp. */
    get(key: string, stamp: string): string | undefined {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      remove(key);
      if (entry.stamp !== stamp) return undefined;
      this.set(key, stamp, entry.text);
      return entry.text;
    },
    set(key: string, stamp: string, text: string): void {
      remove(key);
      const entry = { stamp, text };
      entries.set(key, entry);
      bytes += sizeOf(key, entry);
      for (const oldest of entries.keys()) {
        if (bytes <= maximumBytes) break;
        remove(oldest);
      }
    },
  };
}
