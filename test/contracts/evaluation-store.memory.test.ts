import { describe } from 'vitest';
import { createMemoryEvaluationStore } from '../../shared/adapters/memory/memory-evaluation-store.ts';
import { evaluationStoreContract } from './evaluation-store.contract.ts';

describe('evaluation store in memory', () => {
  const store = createMemoryEvaluationStore();
  evaluationStoreContract(() => store);
});
