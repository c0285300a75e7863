import { createHash } from 'node:crypto';
import { RunwayError } from '../../domain/errors.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';

/** Twin of the S3 store for tests. */
export function createMemoryArtifactStore(): ArtifactStore & {
  put(uri: string, content: string | Uint8Array): Promise<void>;
} {
  const objects = new Map<string, Uint8Array>();
  const read = async (uri: string) => {
    const bytes = objects.get(uri);
    if (bytes === undefined) throw new RunwayError('ArtifactUnusable', 'artifact-missing', `there is no object ${uri}`);
    return bytes;
  };
  return {
    read,
    digest: async (uri) =>
      `sha256:${createHash('sha256')
        .update(await read(uri))
        .digest('hex')}`,
    source: async (uri) => {
      const bytes = await read(uri);
      return {
        name: uri,
        size: bytes.length,
        read: async (from, to) => Uint8Array.from(bytes.subarray(from, to)).buffer,
        async *stream() {
          yield bytes;
        },
      };
    },
    put: async (uri, content) => void objects.set(uri, Buffer.from(content)),
  };
}
