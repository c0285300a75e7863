import type { SearchSnapshots } from '../../ports/search-snapshots.ts';
import { readManifest, readSnapshot, snapshotFiles } from '../search/snapshot-files.ts';

/** Twin of the bucket for tests; `files` are its objects, to look at and to spoil. */
export function createMemorySearchSnapshots(files = new Map<string, Uint8Array>()): SearchSnapshots {
  const manifestKey = 'search/manifest.json';
  const stored = () => readManifest(Buffer.from(files.get(manifestKey) ?? []).toString());
  return {
    manifest: async () => stored(),
    latest: async () => {
      const manifest = stored();
      const streams = files.get(manifest?.streams.key ?? '');
      const index = files.get(manifest?.index.key ?? '');
      return manifest && streams && index && readSnapshot(manifest, { streams, index });
    },
    write: async (snapshot) => {
      const before = stored();
      const written = snapshotFiles(snapshot);
      for (const { key, body } of written.files) files.set(key, body);
      files.set(manifestKey, Buffer.from(JSON.stringify(written.manifest)));
      const kept = [written.manifest, before].flatMap((each) => (each ? [each.streams.key, each.index.key] : []));
      for (const key of files.keys()) if (key !== manifestKey && !kept.includes(key)) files.delete(key);
    },
  };
}
