import { gunzipSync } from 'node:zlib';
import { RunwayError } from '../../domain/errors.ts';
import type { ReferenceRow } from '../../domain/health/reference-row.ts';
import { parseReferenceWindow } from '../../domain/registry/parse-reference-window.ts';
import type { ReferenceSchema } from '../../domain/registry/reference-row-reader.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';

// Against files that unpack to much more than a function's memory.
const maximumBytes = 256_000_000;

/** Rows of the file; a key that ends in `.gz` is unpacked. Throws `ArtifactUnusable`. */
export async function readReferenceWindow(
  artifacts: ArtifactStore,
  uri: string,
  schema: ReferenceSchema,
): Promise<readonly ReferenceRow[]> {
  const bytes = await artifacts.read(uri);
  const plain = uri.endsWith('.gz') ? unpack(bytes, uri) : bytes;
  return parseReferenceWindow(new TextDecoder().decode(plain), schema);
}

function unpack(bytes: Uint8Array, uri: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maximumBytes });
  } catch {
    throw new RunwayError(
      'ArtifactUnusable',
      'malformed-reference-window',
      `${uri} is not gzip, or unpacks to more than ${maximumBytes} bytes`,
    );
  }
}
