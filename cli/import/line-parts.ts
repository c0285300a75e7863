import { gzipSync } from 'node:zlib';
import { RunwayError } from '../../shared/domain/errors.ts';

/** A body of the import: whole lines, gzipped, and how many of them that are not empty. */
export type LinePart = { readonly packed: Uint8Array; readonly lines: number };

export type PartLimits = {
  /** Of a part as it is sent. @default 4,300,000, a little less than the API takes */
  readonly packedBytes?: number;
  /** Of a part unpacked. @default 24,000,000 */
  readonly unpackedBytes?: number;
};

/**
 * Whole lines in parts that a request may carry, in the order of the file, so that the same file gives the same parts.
 * Throws `ArtifactUnusable` (code `line-too-long`) for a line that no part can hold.
 */
export async function* lineParts(
  text: AsyncIterable<string>,
  { packedBytes = 4_300_000, unpackedBytes = 24_000_000 }: PartLimits = {},
): AsyncGenerator<LinePart> {
  let held: string[] = [];
  let bytes = 0;
  let number = 0;
  for await (const line of text) {
    number += 1;
    const size = Buffer.byteLength(line) + 1;
    if (size > unpackedBytes) throw tooLong(number, size, unpackedBytes);
    if (bytes + size > unpackedBytes) {
      yield* packed(held, packedBytes);
      [held, bytes] = [[], 0];
    }
    if (line.trim() === '') continue;
    held.push(line);
    bytes += size;
  }
  if (held.length > 0) yield* packed(held, packedBytes);
}

/** How well lines compress is only known afterwards: what became too large is cut in halves. */
function* packed(lines: readonly string[], packedBytes: number): Generator<LinePart> {
  const bytes = gzipSync(lines.join('\n'));
  if (bytes.length <= packedBytes) {
    yield { packed: bytes, lines: lines.length };
    return;
  }
  if (lines.length === 1) throw tooLong(undefined, bytes.length, packedBytes);
  const middle = Math.ceil(lines.length / 2);
  yield* packed(lines.slice(0, middle), packedBytes);
  yield* packed(lines.slice(middle), packedBytes);
}

function tooLong(line: number | undefined, bytes: number, expected: number): RunwayError {
  const where = line === undefined ? 'a line' : `line ${line}`;
  return new RunwayError(
    'ArtifactUnusable',
    'line-too-long',
    `${where} has ${bytes} bytes, expected at most ${expected}`,
  );
}
