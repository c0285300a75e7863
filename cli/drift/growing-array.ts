/** A typed array whose length shows only at the end. */
export class GrowingArray<A extends Float64Array | Int32Array> {
  #values: A;
  #length = 0;
  readonly #allocate: (length: number) => A;

  /** `expected`: how many there will be, as far as anybody knows. */
  constructor(allocate: (length: number) => A, expected = 1_024) {
    this.#allocate = allocate;
    this.#values = allocate(expected);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#reserve(1);
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  append(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** What was pushed, not a copy. */
  view(): A {
    return this.#values.subarray(0, this.#length) as A;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#values.length) return;
    const larger = this.#allocate(Math.max(2 * this.#values.length, this.#length + more));
    larger.set(this.#values.subarray(0, this.#length));
    this.#values = larger;
  }
}
