import { versionConflict } from '../../domain/errors.ts';
import type { GraphImport } from '../../domain/graph/import/graph-import.ts';
import type { ImportPart, ImportStore, ProviderImports } from '../../ports/import-store.ts';

/** Twin of the imports in the graph table, for tests. */
export function createMemoryImportStore(): ImportStore {
  const imports = new Map<string, GraphImport>();
  const providers = new Map<string, ProviderImports>();
  const parts = new Map<string, Map<number, ImportPart>>();
  const check = (
    present: { readonly revision: number } | undefined,
    next: { readonly revision: number },
    id: string,
  ) => {
    if ((present?.revision ?? 0) + 1 !== next.revision) throw versionConflict(id, next.revision - 1);
  };
  return {
    get: async (importId) => imports.get(importId),
    put: async (next) => {
      check(imports.get(next.importId), next, next.importId);
      imports.set(next.importId, next);
    },
    provider: async (provider) => providers.get(provider),
    putBoth: async (next, provider) => {
      check(imports.get(next.importId), next, next.importId);
      check(providers.get(provider.provider), provider, provider.provider);
      imports.set(next.importId, next);
      providers.set(provider.provider, provider);
    },
    putPart: async (importId, part) => {
      parts.set(importId, new Map(parts.get(importId)).set(part.part, part));
    },
    parts: async (importId) => [...(parts.get(importId)?.values() ?? [])].toSorted((a, b) => a.part - b.part),
  };
}
