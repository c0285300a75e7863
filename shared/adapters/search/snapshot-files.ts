import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { instantSchema } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { SearchSnapshot, StoredSearchSnapshot } from '../../ports/search-snapshots.ts';
import { decodeStreams, encodeStreams } from './stored-streams.ts';

/** Raised with every change of what is stored or of how words are cut: what is older is then made again. */
const format = 3;

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
  const [ofStreams, ofIndex] = [
    fileOf(snapshot, 'streams.columns', encodeStreams(streams)),
    fileOf(snapshot, 'index.columns', index),
  ];
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
): StoredSearchSnapshot | undefined {
  const { format: _format, streams, index, ...rest } = manifest;
  if (sha256(bodies.streams) !== streams.sha256 || sha256(bodies.index) !== index.sha256) return undefined;
  return {
    ...rest,
    streams: decodeStreams(zstdDecompressSync(bodies.streams)),
    index: zstdDecompressSync(bodies.index),
  };
}

function fileOf({ change, repairs }: SearchSnapshot, name: string, content: Uint8Array): SnapshotFile {
  const body = zstdCompressSync(content);
  // Never written over: whoever reads the one of the manifest before finds it whole.
  return { key: `search/${change}-${repairs}-${sha256(body).slice(0, 12)}/${name}.zst`, body };
}

const reference = ({ key, body }: SnapshotFile) => ({ key, sha256: sha256(body) });

function sha256(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
