import { gunzipSync } from 'node:zlib';
import type { ImportFiles } from '../../ports/import-files.ts';

/** Twin of the imports' folder in the graph bucket, for tests. */
export function createMemoryImportFiles(): ImportFiles {
  const files = new Map<string, readonly string[]>();
  async function* lines(key: string) {
    const found = files.get(key);
    if (found === undefined) throw new Error(`no file ${key}`);
    yield* found;
  }
  return {
    putPart: async (importId, part, packed) => {
      const text = gunzipSync(packed).toString('utf8');
      files.set(`${importId}/${part}`, text.split('\n'));
    },
    partLines: (importId, part) => lines(`${importId}/${part}`),
    putGroup: async (importId, group, file, given) => void files.set(`${importId}/${group}/${file}`, given),
    groupLines: (importId, group, file) => lines(`${importId}/${group}/${file}`),
  };
}
