import { constants, zstdCompressSync } from 'node:zlib';
import { type Cells, type Page, pagesOf } from './parquet-pages.ts';
import { binary, i32, i64, list, struct, type Thrift, thriftBytes } from './thrift-compact.ts';

/** One row group's part of a column: its bytes, and what the file's end says of them when they begin at `offset`. */
export type ColumnChunk = {
  readonly bytes: Buffer;
  /** Of the pages before they are compressed. */
  readonly rawBytes: number;
  readonly metadata: (offset: number) => Thrift;
};

/** Numbers of apache/parquet-format, parquet.thrift. */
export const physicalTypes = { BOOLEAN: 0, INT32: 1, TIMESTAMP: 2, DOUBLE: 5, STRING: 6 } as const;
const encodings = { plain: 0, rle: 3, dictionary: 8 } as const;
const codecs = { none: 0, zstd: 6 } as const;
const pageTypes = { data: 0, dictionary: 2 } as const;

/** To start the compressor takes longer than to read what it would save. */
const leastCompressedBytes = 1_024;
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function encodeColumn(name: string, column: Cells): ColumnChunk {
  const { pages, nulls, bounds } = pagesOf(column);
  const codec = pages.reduce((sum, { body }) => sum + body.length, 0) < leastCompressedBytes ? 'none' : 'zstd';
  const written = pages.map((page) => writtenPage(page, codec));
  const bytes = Buffer.concat(written.flatMap(({ header, body }) => [header, body]));
  const rawBytes = written.reduce((sum, { header }, i) => sum + header.length + pages[i]!.body.length, 0);
  const dictionary = pages[0]?.type === 'dictionary' ? written[0] : undefined;
  const dictionaryBytes = dictionary && dictionary.header.length + dictionary.body.length;
  const statistics = { 3: i64(nulls), 5: bounds && binary(bounds.most), 6: bounds && binary(bounds.least) };
  const metadata = (offset: number) =>
    struct({
      1: i32(physicalTypes[column.type]),
      2: list([...new Set(pages.map(({ encoding }) => encodings[encoding])), encodings.rle].map(i32)),
      3: list([binary(name)]),
      4: i32(codecs[codec]),
      5: i64(column.cells.length),
      6: i64(rawBytes),
      7: i64(bytes.length),
      9: i64(offset + (dictionaryBytes ?? 0)),
      11: dictionaryBytes === undefined ? undefined : i64(offset),
      12: struct(statistics),
    });
  return { bytes, rawBytes, metadata };
}

function writtenPage({ type, encoding, values, body: raw }: Page, codec: keyof typeof codecs) {
  const body = codec === 'none' ? raw : zstdCompressSync(raw, fastest);
  const sizes = { 1: i32(pageTypes[type]), 2: i32(raw.length), 3: i32(body.length) };
  const content = { 1: i32(values), 2: i32(encodings[encoding]) };
  const levels = { 3: i32(encodings.rle), 4: i32(encodings.rle) };
  const header = type === 'data' ? { 5: struct({ ...content, ...levels }) } : { 7: struct(content) };
  return { header: thriftBytes(struct({ ...sizes, ...header })), body };
}
