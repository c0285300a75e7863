import { describe } from 'vitest';
import { createMemoryRawArchive } from '../../shared/adapters/memory/memory-raw-archive.ts';
import type { RawFile } from '../../shared/ports/raw-archive.ts';
import { rawArchiveContract } from './raw-archive.contract.ts';

describe('raw archive in memory', () => {
  const keyOf = ({ hour, name }: RawFile) => `${hour}/${name}`;
  rawArchiveContract(() => {
    const archive = createMemoryRawArchive();
    return {
      archive,
      predictions: async (file) => archive.predictions.get(keyOf(file)),
      outcomes: async (file) => archive.outcomes.get(keyOf(file)),
    };
  });
});
