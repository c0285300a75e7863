import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { RunwayError } from '../shared/domain/errors.ts';
import type { ByteSource } from '../shared/ports/table.ts';

const chunkBytes = 1024 * 1024;

/** A local file. Throws `ArtifactUnusable` (code `no-file`) when it cannot be opened. */
export async function fileSource(path: string): Promise<ByteSource> {
  const size = await sizeOf(path);
  return {
    name: path,
    size,
    read: (from, to) => readRange(path, from, to),
    stream: () => createReadStream(path, { highWaterMark: chunkBytes }),
  };
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    throw new RunwayError('ArtifactUnusable', 'no-file', `${path}: cannot be opened (${found.code ?? found.message})`);
  }
  if (found.isFile()) return found.size;
  throw new RunwayError('ArtifactUnusable', 'no-file', `${path}: not a file, expected CSV, NDJSON or Parquet`);
}

async function readRange(path: string, from: number, to: number): Promise<ArrayBuffer> {
  await using file = await open(path);
  const bytes = new Uint8Array(to - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  return bytesRead === bytes.length ? bytes.buffer : bytes.buffer.slice(0, bytesRead);
}
