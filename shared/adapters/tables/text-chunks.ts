import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isRunwayError } from '../../domain/errors.ts';
import type { ByteSource } from '../../ports/table.ts';
import { messageOf, unreadableTable } from './table-error.ts';

/** A line longer than this is a quote that never closes, or no text. In UTF-16 units. */
export const longestRow = 64 * 1024 * 1024;

/** The default of 16 KiB costs as much in hand-overs as in unpacking. */
const unpackedChunkBytes = 256 * 1024;

/** The UTF-8 text of a file, unpacked when its name ends in `.gz`, without a byte order mark. Throws `ArtifactUnusable`. */
export async function* textChunks(source: ByteSource): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of isPacked(source.name) ? unpacked(source) : source.stream()) {
      const text = decoder.decode(bytes, { stream: true });
      if (text.length > 0) yield text;
    }
    const rest = decoder.decode();
    if (rest.length > 0) yield rest;
  } catch (error) {
    throw isRunwayError(error) ? error : translated(source.name, error);
  }
}

/** Its lines, the last one too when no line end follows. Throws `ArtifactUnusable`. */
export async function* textLines(source: ByteSource): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of textChunks(source)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    if (rest.length > longestRow) throw unreadableTable(source.name, 'a line does not end, expected one object a line');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function unpacked(source: ByteSource): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: unpackedChunkBytes });
  // Failures reach the reader through `gunzip`, which the pipeline destroys with them.
  pipeline(Readable.from(source.stream()), gunzip, () => {});
  return gunzip;
}

function translated(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return unreadableTable(name, 'the gzip stream ends early: expected a whole file');
  if (code.startsWith('Z_')) return unreadableTable(name, `not gzip (${messageOf(error)})`);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return unreadableTable(name, 'not UTF-8 text');
  return error;
}

function isPacked(name: string): boolean {
  return name.toLowerCase().endsWith('.gz');
}
