import type { FailureStore } from '../../ports/failure-store.ts';
import { conflictDocument, conflictKey, failureDocument, failureKey } from '../failure-document.ts';

export type MemoryFailureStore = FailureStore & {
  /** Documents by key. */
  readonly documents: ReadonlyMap<string, string>;
};

export function createMemoryFailureStore(): MemoryFailureStore {
  const documents = new Map<string, string>();
  return {
    put: async (failure) => void documents.set(failureKey(failure), failureDocument(failure)),
    putConflicts: async (audit) => void documents.set(conflictKey(audit), conflictDocument(audit)),
    documents,
  };
}
