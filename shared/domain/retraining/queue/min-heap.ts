/** Numbers with a key each, the smallest key first; of equal keys the smallest number. */
export interface MinHeap {
  readonly size: number;
  push(key: number, value: number): void;
  /** Undefined when there is nothing. */
  peekKey(): number | undefined;
  /** Throws when there is nothing. */
  pop(): number;
}

/** A binary heap (Williams 1964). */
export function createMinHeap(): MinHeap {
  const keys: number[] = [];
  const values: number[] = [];

  function isBefore(a: number, b: number): boolean {
    const difference = keys[a]! - keys[b]!;
    return difference < 0 || (difference === 0 && values[a]! < values[b]!);
  }

  function swap(a: number, b: number): void {
    [keys[a], keys[b]] = [keys[b]!, keys[a]!];
    [values[a], values[b]] = [values[b]!, values[a]!];
  }

  function rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= keys.length) return;
      const child = left + 1 < keys.length && isBefore(left + 1, left) ? left + 1 : left;
      if (!isBefore(child, at)) return;
      swap(at, child);
      at = child;
    }
  }

  return {
    get size() {
      return keys.length;
    },
    push(key, value) {
      keys.push(key);
      values.push(value);
      rise(keys.length - 1);
    },
    peekKey: () => keys[0],
    pop() {
      const first = values[0];
      if (first === undefined) throw new Error('popped from an empty heap');
      swap(0, keys.length - 1);
      keys.pop();
      values.pop();
      sink();
      return first;
    },
  };
}
