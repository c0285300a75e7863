export type Column = Uint8Array | Uint16Array | Uint32Array;
type Columns = ReadonlyMap<string, Column>;

/** Of columns, so that none has to be copied. */
const alignment = 8;

type Header = {
  readonly about: unknown;
  readonly columns: readonly { readonly name: string; readonly bytes: number; readonly width: number }[];
};

/** Length of the header in 8 bytes, header (JSON), columns (little-endian, as every machine that Lambda offers is). */
export function encodeColumns(about: unknown, columns: Columns): Uint8Array {
  const header: Header = {
    about,
    columns: Array.from(columns, ([name, { byteLength, BYTES_PER_ELEMENT }]) => ({
      name,
      bytes: byteLength,
      width: BYTES_PER_ELEMENT,
    })),
  };
  const headerBytes = padded(Buffer.from(JSON.stringify(header)), ' ');
  const length = Buffer.alloc(alignment);
  length.writeUInt32LE(headerBytes.length);
  const bodies = Array.from(columns.values(), ({ buffer, byteOffset, byteLength }) =>
    padded(Buffer.from(buffer, byteOffset, byteLength), '\0'),
  );
  return Buffer.concat([length, headerBytes, ...bodies]);
}

/** Of what `encodeColumns` made, as the digest of its file says: nothing is checked again. */
export function decodeColumns(data: Uint8Array) {
  const aligned = data.byteOffset % alignment === 0 ? data : new Uint8Array(data);
  const bytes = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  let at = alignment + bytes.readUInt32LE();
  const header = JSON.parse(bytes.toString('utf8', alignment, at)) as Header;
  const columns = new Map<string, Column>();
  for (const { name, bytes: length, width } of header.columns) {
    columns.set(name, columnOf(bytes, at, length, width));
    at += Math.ceil(length / alignment) * alignment;
  }
  const column = <T extends Column>(kind: abstract new (...args: never[]) => T, name: string): T => {
    const found = columns.get(name);
    if (found instanceof kind) return found;
    throw new RangeError(`received no column ${name} of ${kind.name}`);
  };
  return {
    about: header.about,
    bytes: (name: string) => column(Uint8Array, name),
    wide: (name: string) => column(Uint32Array, name),
    text: (name: string) => ({
      units: column(Uint16Array, `${name}.units`),
      starts: column(Uint32Array, `${name}.starts`),
    }),
  };
}

function columnOf({ buffer, byteOffset }: Buffer, at: number, bytes: number, width: number): Column {
  if (width === 1) return new Uint8Array(buffer, byteOffset + at, bytes);
  if (width === 2) return new Uint16Array(buffer, byteOffset + at, bytes / 2);
  return new Uint32Array(buffer, byteOffset + at, bytes / 4);
}

function padded(bytes: Buffer, fill: string): Buffer {
  const missing = -bytes.length & (alignment - 1);
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing, fill)]);
}
