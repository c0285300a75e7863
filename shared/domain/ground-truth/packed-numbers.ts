// Producers use this file as it is, so it imports nothing.

/** Where the numbers of a column lie among the bytes behind the JSON, and what they stand for; null is one of them. */
export type PackedNumbers = {
  /** Of the first one's first byte. */
  readonly at: number;
  /**
   * Of each, the lowest first. 1 to 4: a whole number without sign that stands for `(from + it) / 10^decimals`, and null
   * when all its bits are set. 8: a double (IEEE 754), of which NaN is null.
   */
  readonly bytes: 1 | 2 | 3 | 4 | 8;
  /** @default 0 */
  readonly from?: number;
  /** 0 to 9. @default 0 */
  readonly decimals?: number;
};

/** Below this, JSON is hardly longer than what would say where the bytes are. */
const minimumRows = 24;
const maximumDecimals = 9;
const powersOfTen = Array.from({ length: maximumDecimals + 1 }, (_, decimals) => 10 ** decimals);

/** Takes the numbers of a record's columns, one column after the other. */
export class NumberPacker {
  readonly #columns: Buffer[] = [];
  #length = 0;

  /** Undefined when the values are not all numbers or null, or too few. Each is read back as the same double. */
  add(values: readonly unknown[]): PackedNumbers | undefined {
    if (values.length < minimumRows || !areNumbers(values)) return undefined;
    const packed = wholeNumbers(values) ?? doubles(values);
    const at = this.#length;
    this.#columns.push(packed.data);
    this.#length += packed.data.length;
    return { at, ...packed.as };
  }

  /** The document, which ends with a zero byte, as no JSON holds one, and the numbers; only the document without any. */
  behind(json: string): readonly Buffer[] {
    return this.#length === 0 ? [Buffer.from(json)] : [Buffer.from(`${json}\0`), Buffer.concat(this.#columns)];
  }
}

type Numbers = readonly (number | null)[];
type Packed = { readonly as: Omit<PackedNumbers, 'at'>; readonly data: Buffer };

function areNumbers(values: readonly unknown[]): values is Numbers {
  return values.every((value) => value === null || (typeof value === 'number' && Number.isFinite(value)));
}

function wholeNumbers(values: Numbers): Packed | undefined {
  const decimals = decimalsOf(values);
  if (decimals === undefined) return undefined;
  const scale = powersOfTen[decimals]!;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null) continue;
    const whole = Math.round(value * scale);
    if (whole < least) least = whole;
    if (whole > most) most = whole;
  }
  if (!Number.isSafeInteger(least) || !Number.isSafeInteger(most)) return undefined;
  const bytes = ([1, 2, 3, 4] as const).find((size) => most - least < 256 ** size - 1);
  if (bytes === undefined) return undefined;
  const data = Buffer.allocUnsafe(bytes * values.length);
  const missing = 256 ** bytes - 1;
  for (const [row, value] of values.entries())
    data.writeUIntLE(value === null ? missing : Math.round(value * scale) - least, row * bytes, bytes);
  return { as: { bytes, from: least, ...(decimals > 0 && { decimals }) }, data };
}

/** The fewest that all values have; undefined when one has more than can be packed. */
function decimalsOf(values: Numbers): number | undefined {
  let decimals = 0;
  for (const value of values) {
    while (value !== null && !Object.is(Math.round(value * powersOfTen[decimals]!) / powersOfTen[decimals]!, value)) {
      decimals += 1;
      if (decimals > maximumDecimals) return undefined;
    }
    if (Object.is(value, -0)) return undefined;
  }
  return decimals;
}

function doubles(values: Numbers): Packed {
  const data = Buffer.allocUnsafe(8 * values.length);
  for (const [row, value] of values.entries()) data.writeDoubleLE(value ?? Number.NaN, 8 * row);
  return { as: { bytes: 8 }, data };
}

/** Of so many rows; NaN is null. Undefined when `packed` names no such numbers of the bytes. */
export function unpackNumbers(
  packed: Readonly<Record<string, unknown>>,
  rows: number,
  data: Uint8Array,
): Float64Array | undefined {
  const { at, bytes, from = 0, decimals = 0, ...others } = packed;
  if (Object.keys(others).length > 0 || !isWhole(at, data.length)) return undefined;
  if (!Number.isSafeInteger(from) || !isWhole(decimals, maximumDecimals)) return undefined;
  if (!(isWhole(bytes, 4) && bytes > 0) && bytes !== 8) return undefined;
  if (at + bytes * rows > data.length) return undefined;
  const column = data.subarray(at, at + bytes * rows);
  return bytes === 8 ? doublesIn(column) : wholeNumbersIn(column, bytes, Number(from), powersOfTen[decimals]!);
}

function isWhole(value: unknown, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

function doublesIn(column: Uint8Array): Float64Array {
  const view = new DataView(column.buffer, column.byteOffset, column.length);
  const values = new Float64Array(column.length / 8);
  for (let row = 0; row < values.length; row += 1) values[row] = view.getFloat64(8 * row, true);
  return values;
}

function wholeNumbersIn(column: Uint8Array, bytes: number, from: number, scale: number): Float64Array {
  const values = new Float64Array(column.length / bytes);
  const missing = 256 ** bytes - 1;
  const numberOf = (whole: number) => (whole === missing ? Number.NaN : (from + whole) / scale);
  if (bytes === 1) for (let row = 0; row < values.length; row += 1) values[row] = numberOf(column[row]!);
  else if (bytes === 2)
    for (let row = 0, at = 0; row < values.length; row += 1, at += 2)
      values[row] = numberOf(column[at]! | (column[at + 1]! << 8));
  else
    for (let row = 0, at = 0; row < values.length; row += 1, at += bytes) {
      const low = column[at]! | (column[at + 1]! << 8) | (column[at + 2]! << 16);
      values[row] = numberOf(bytes === 3 ? low : low + column[at + 3]! * 0x100_0000);
    }
  return values;
}
