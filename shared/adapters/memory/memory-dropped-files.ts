import { RunwayError } from '../../domain/errors.ts';
import type { DroppedFiles } from '../../ports/dropped-files.ts';

export type MemoryDroppedFiles = DroppedFiles & { readonly put: (key: string, text: string) => void };

export function createMemoryDroppedFiles(): MemoryDroppedFiles {
  const files = new Map<string, string>();
  return {
    put: (key, text) => void files.set(key, text),
    async *lines(key) {
      const text = files.get(key);
      if (text === undefined)
        throw new RunwayError('ArtifactUnusable', 'artifact-missing', `there is no object ${key}`);
      yield* text.replace(/\n$/, '').split('\n');
    },
  };
}
