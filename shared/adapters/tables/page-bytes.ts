const initialBytes = 4_096;
const highWord = 2 ** 32;

/** Values one after the other as Parquet's encoding PLAIN has them, and the bits that go before them. */
export class PageBytes {
  #bytes = Buffer.allocUnsafe(initialBytes);
  #length = 0;

  /** Four bytes of length, then UTF-8; a half of a surrogate pair becomes U+FFFD. */
  text(value: string): void {
    this.#reserve(4 + 3 * value.length);
    const written = this.#bytes.write(value, this.#length + 4, 'utf8');
    this.#bytes.writeUInt32LE(written, this.#length);
    this.#length += 4 + written;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** Of a whole number of at most 53 bits. */
  int64(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeUInt32LE(value >>> 0, this.#length);
    this.#length = this.#bytes.writeInt32LE(Math.floor(value / highWord), this.#length);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32LE(value, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** `width` bits each, the lowest first, filled up with zeros to a multiple of eight values. */
  packed(values: ArrayLike<number>, width: number): void {
    this.#reserve(Math.ceil(values.length / 8) * width);
    const end = this.#length + Math.ceil(values.length / 8) * width;
    let held = 0;
    let bits = 0;
    for (let i = 0; i < values.length; i += 1) {
      held |= values[i]! << bits;
      for (bits += width; bits >= 8; bits -= 8) {
        this.#bytes[this.#length++] = held & 0xff;
        held >>>= 8;
      }
    }
    if (bits > 0) this.#bytes[this.#length++] = held;
    this.#bytes.fill(0, this.#length, end);
    this.#length = end;
  }

  /**
   * The hybrid of runs and packed bits (apache/parquet-format, Encodings.md, RLE = 3): one run where all values are the
   * same, otherwise all packed, whose repetitions are left to the compressor.
   */
  hybrid(values: ArrayLike<number>, width: number): void {
    const first = values[0] ?? 0;
    let i = 1;
    while (i < values.length && values[i] === first) i += 1;
    if (i >= values.length) {
      this.#varint(values.length * 2);
      for (let shift = 0; shift < width; shift += 8) this.byte((first >>> shift) & 0xff);
    } else {
      this.#varint(Math.ceil(values.length / 8) * 2 + 1);
      this.packed(values, width);
    }
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  /** A view: write no further. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #varint(value: number): void {
    let left = value;
    for (; left > 0x7f; left >>>= 7) this.byte((left & 0x7f) | 0x80);
    this.byte(left);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
