import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { SearchedStream } from '../../domain/graph/search/search-corpus.ts';
import { instantSchema } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { SearchSnapshot } from '../../ports/search-snapshots.ts';

/** Raised with every change of what is stored or of how words are cut: what is older is then made again. */
const format = 2;

const fileSchema = z.object({ key: z.string(), sha256: z.string() });
const manifestSchema = z.object({
  format: z.literal(format),
  change: z.number().int().min(0),
  repairs: z.number().int().min(0),
  writtenAt: instantSchema,
  documents: z.number().int().min(0),
  streams: fileSchema,
  index: fileSchema,
});

export type StoredManifest = z.output<typeof manifestSchema>;
export type SnapshotFile = { readonly key: string; readonly body: Uint8Array };

/** A snapshot as files that are never changed, and the manifest that names them. */
export function snapshotFiles(snapshot: SearchSnapshot): {
  readonly files: readonly SnapshotFile[];
  readonly manifest: StoredManifest;
} {
  const { streams, index, ...rest } = snapshot;
  const lines = streams.map((stream) => JSON.stringify(stream)).join('\n');
  const [ofStreams, ofIndex] = [fileOf(snapshot, 'streams.ndjson', lines), fileOf(snapshot, 'index.json', index)];
  const manifest = { ...rest, format, streams: reference(ofStreams), index: reference(ofIndex) } as const;
  return { files: [ofStreams, ofIndex], manifest };
}

/** Undefined of what this program did not write, or not in this format. */
export function readManifest(text: string): StoredManifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Undefined when a file is not the one that the manifest names. */
export function readSnapshot(
  manifest: StoredManifest,
  bodies: { readonly streams: Uint8Array; readonly index: Uint8Array },
): SearchSnapshot | undefined {
  const { format: _format, streams, index, ...rest } = manifest;
  if (sha256(bodies.streams) !== streams.sha256 || sha256(bodies.index) !== index.sha256) return undefined;
  const lines = zstdDecompressSync(bodies.streams).toString();
  return {
    ...rest,
    // Our own bytes, as their digest says.
    streams: lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line) as SearchedStream),
    index: zstdDecompressSync(bodies.index).toString(),
  };
}

function fileOf({ change, repairs }: SearchSnapshot, name: string, text: string): SnapshotFile {
  const body = zstdCompressSync(text);
  // Never written over: whoever reads the one of the manifest before finds it whole.
  return { key: `search/${change}-${repairs}-${sha256(body).slice(0, 12)}/${name}.zst`, body };
}

const reference = ({ key, body }: SnapshotFile) => ({ key, sha256: sha256(body) });

function sha256(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
