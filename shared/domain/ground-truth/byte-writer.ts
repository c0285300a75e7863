const initialBytes = 256;
const uuidLength = 36;
const uuids = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})+$/;

function isUuids(values: readonly string[], all: string): boolean {
  return values.every(({ length }) => length === uuidLength) && uuids.test(all);
}

/** Numbers and texts one after the other, in as few bytes as their sizes take; `ByteReader` gives them back. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafe(initialBytes);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte. */
  count(value: number): void {
    this.#reserve(8);
    let left = value;
    // Bitwise operators would cut at 32 bits.
    for (; left > 0x7fff_ffff; left = Math.floor(left / 128)) this.#bytes[this.#length++] = (left % 128) | 0x80;
    for (; left > 0x7f; left >>>= 7) this.#bytes[this.#length++] = (left & 0x7f) | 0x80;
    this.#bytes[this.#length++] = left;
  }

  /** A whole number of either sign, the small ones short. */
  signed(value: number): void {
    this.count(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A whole number in one to eight bytes, any other in nine. */
  number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value < 0xff && !Object.is(value, -0)) this.byte(value);
    else {
      this.byte(0xff);
      this.double(value);
    }
  }

  double(value: number): void {
    this.#reserve(8);
    this.#bytes.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  text(value: string): void {
    this.texts([value]);
  }

  /**
   * Lengths, then all texts as one: decoding one long text is many times faster than many short ones. UUIDs take half
   * their length and leave a compressor nothing to find, which is what it returns.
   */
  texts(values: readonly string[]): 'compressible' | 'dense' {
    const all = values.join('');
    this.count(values.length);
    if (isUuids(values, all)) {
      this.byte(2);
      this.bytes(Buffer.from(all.replaceAll('-', ''), 'hex'));
      return 'dense';
    }
    // A half of a surrogate pair has no UTF-8.
    const encoding = all.isWellFormed() ? 'utf8' : 'utf16le';
    const bytes = Buffer.from(all, encoding);
    this.byte(encoding === 'utf8' ? 0 : 1);
    for (const { length } of values) this.count(length);
    this.count(bytes.length);
    this.bytes(bytes);
    return 'compressible';
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A view: write no further. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
