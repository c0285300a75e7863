import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as z from '../../zod.ts';
import type { GraphColumns } from './graph-columns.ts';

/** Grows with every change of what is written; readers of other versions read the table instead. */
export const snapshotVersion = 1;

// "RWG" and a zero. Then, little-endian: version, bytes of the header, CRC-32 of all that follows; header; sections.
const magic = 0x00_47_57_52;
const fixedBytes = 16;
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

const texts = ['uris', 'streams', 'instants', 'edgeTypes', 'sayings', 'descriptions'] as const;
const wide = [
  'claimFirst',
  'claimTo',
  'claimStream',
  'claimSaying',
  'claimValidFrom',
  'claimValidTo',
  'entityFirst',
  'entityStream',
  'entityDescription',
] as const;
const narrow = ['claimType'] as const;

const length = z.number().int().min(0);
const headerSchema = z.object({
  change: length,
  sections: z.array(z.object({ name: z.string(), bytes: length, packed: length })),
});
type Header = z.infer<typeof headerSchema>;

export function encodeSnapshot(columns: GraphColumns): Uint8Array {
  const sections = [
    ...texts.flatMap((name) => [
      [name, columns[name].bytes] as const,
      [`${name}.ends`, bytesOf(columns[name].ends)] as const,
    ]),
    ...wide.map((name) => [name, bytesOf(columns[name])] as const),
    ...narrow.map((name) => [name, bytesOf(columns[name])] as const),
  ].map(([name, bytes]) => ({ name, bytes, packed: zstdCompressSync(bytes, compression) }));
  const described: Header = {
    change: columns.change,
    sections: sections.map(({ name, bytes, packed }) => ({ name, bytes: bytes.length, packed: packed.length })),
  };
  const header = Buffer.from(JSON.stringify(described));
  const body = [header, ...sections.map(({ packed }) => packed)];
  const fixed = Buffer.alloc(fixedBytes);
  fixed.writeUInt32LE(magic, 0);
  fixed.writeUInt32LE(snapshotVersion, 4);
  fixed.writeUInt32LE(header.length, 8);
  fixed.writeUInt32LE(
    body.reduce((checksum, part) => crc32(part, checksum), 0),
    12,
  );
  return Buffer.concat([fixed, ...body]);
}

/** Throws RangeError of what is damaged, cut, of another version, or no snapshot. */
export function decodeSnapshot(data: Uint8Array): GraphColumns {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < fixedBytes || bytes.readUInt32LE(0) !== magic) throw new RangeError('received no snapshot');
  const version = bytes.readUInt32LE(4);
  if (version !== snapshotVersion) throw new RangeError(`received version ${version}, expected ${snapshotVersion}`);
  const checksum = crc32(bytes.subarray(fixedBytes));
  if (checksum !== bytes.readUInt32LE(12)) throw new RangeError('received a snapshot whose checksum does not agree');
  const end = fixedBytes + bytes.readUInt32LE(8);
  const { change, sections } = headerSchema.parse(JSON.parse(bytes.toString('utf8', fixedBytes, end)));
  const unpacked = new Map<string, Buffer>();
  let at = end;
  for (const { name, bytes: size, packed } of sections) {
    const section = zstdDecompressSync(bytes.subarray(at, at + packed), { maxOutputLength: size + 1 });
    if (section.length !== size) throw new RangeError(`received ${section.length} bytes of ${name}, expected ${size}`);
    unpacked.set(name, section);
    at += packed;
  }
  return columnsOf(change, (name) => {
    const section = unpacked.get(name);
    if (section === undefined) throw new RangeError(`received no section ${name}`);
    return section;
  });
}

function columnsOf(change: number, section: (name: string) => Buffer): GraphColumns {
  const all = <const N extends readonly string[], T>(names: N, read: (name: string) => T) =>
    Object.fromEntries(names.map((name) => [name, read(name)])) as Record<N[number], T>;
  return {
    change,
    ...all(texts, (name) => ({ bytes: section(name), ends: numbersOf(section(`${name}.ends`)) })),
    ...all(wide, (name) => numbersOf(section(name))),
    ...all(narrow, (name) => Uint8Array.from(section(name))),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Over the same memory where it is aligned. Every machine that Lambda offers is little-endian. */
function numbersOf(bytes: Buffer): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
