import { ByteWriter } from '../../domain/ground-truth/byte-writer.ts';

/** A value in Thrift's compact protocol (apache/thrift, doc/specs/thrift-compact-protocol.md), as Parquet's metadata has it. */
export type Thrift = { readonly type: number; readonly write: (to: ByteWriter) => void };

/** By id, ascending; what is undefined is left out. */
type Fields = Readonly<Record<number, Thrift | undefined>>;

const shortListLength = 15;

export function i32(value: number): Thrift {
  return { type: 5, write: (to) => to.signed(value) };
}

export function i64(value: number): Thrift {
  return { type: 6, write: (to) => to.signed(value) };
}

export function binary(value: string | Uint8Array): Thrift {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return {
    type: 8,
    write(to) {
      to.count(bytes.length);
      to.bytes(bytes);
    },
  };
}

/** All of the type of the first. */
export function list(values: readonly Thrift[]): Thrift {
  const type = values[0]?.type ?? 0;
  return {
    type: 9,
    write(to) {
      to.byte((Math.min(values.length, shortListLength) << 4) | type);
      if (values.length >= shortListLength) to.count(values.length);
      for (const value of values) value.write(to);
    },
  };
}

export function struct(fields: Fields): Thrift {
  return {
    type: 12,
    write(to) {
      let last = 0;
      // Whole numbers are a record's first keys, in ascending order.
      for (const [key, value] of Object.entries(fields)) {
        if (value === undefined) continue;
        // The ids that Parquet uses are never more than fifteen apart.
        to.byte(((Number(key) - last) << 4) | value.type);
        last = Number(key);
        value.write(to);
      }
      to.byte(0);
    },
  };
}

export function thriftBytes(value: Thrift): Uint8Array {
  const writer = new ByteWriter();
  value.write(writer);
  return writer.finish();
}
