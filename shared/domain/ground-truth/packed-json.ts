import { constants, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

// Below this, starting the compressor takes longer than the bytes it saves.
const compressFromBytes = 2_048;
// Kilobytes of JSON: against deflate at its fastest, a third of the time and two thirds of the bytes. A larger window
// finds no more, and a larger chunk takes time to allocate.
const zstandardOptions = {
  chunkSize: 8_192,
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: 16 },
};
const plain = 0;
/** Written until Zstandard was. */
const deflated = 1;
const zstandard = 2;

/** JSON as bytes, compressed when that is worth it. The first byte says how. */
export function packJson(value: unknown): Uint8Array {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length < compressFromBytes) return Buffer.concat([Buffer.of(plain), json]);
  return Buffer.concat([Buffer.of(zstandard), zstdCompressSync(json, zstandardOptions)]);
}

/** Throws when the bytes are not from `packJson`. */
export function unpackJson(data: Uint8Array): unknown {
  return JSON.parse(jsonOf(data[0], data.subarray(1)).toString('utf8'));
}

function jsonOf(format: number | undefined, body: Uint8Array): Buffer {
  switch (format) {
    case plain:
      return Buffer.from(body);
    case deflated:
      return inflateRawSync(body);
    case zstandard:
      return zstdDecompressSync(body);
    default:
      throw new RangeError(`received format ${format}, expected ${plain}, ${deflated} or ${zstandard}`);
  }
}
