/** Reads what `ByteWriter` wrote, in the same order. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    if (this.isAtEnd()) throw new RangeError(`expected more than ${this.#bytes.length} bytes`);
    return this.#bytes[this.#at++]!;
  }

  count(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  signed(): number {
    const value = this.count();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  number(): number {
    const byte = this.byte();
    return byte === 0xff ? this.double() : byte;
  }

  double(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  text(): string {
    return this.texts()[0] ?? '';
  }

  texts(): readonly string[] {
    const count = this.count();
    const form = this.byte();
    if (form === 2) return this.#uuids(count);
    const lengths = Array.from({ length: count }, () => this.count());
    const all = this.bytes(this.count()).toString(form === 0 ? 'utf8' : 'utf16le');
    let start = 0;
    return lengths.map((length) => {
      start += length;
      return all.slice(start - length, start);
    });
  }

  #uuids(count: number): readonly string[] {
    const all = this.bytes(16 * count).toString('hex');
    return Array.from({ length: count }, (_, i) => {
      const at = 32 * i;
      const part = (from: number, to: number) => all.slice(at + from, at + to);
      return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
    });
  }

  bytes(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
