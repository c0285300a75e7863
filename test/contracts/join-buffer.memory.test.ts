import { describe } from 'vitest';
import { createMemoryJoinBuffer } from '../../shared/adapters/memory/memory-join-buffer.ts';
import { joinBufferContract } from './join-buffer.contract.ts';

describe('join buffer in memory', () => {
  const buffer = createMemoryJoinBuffer();
  joinBufferContract(() => buffer);
});
