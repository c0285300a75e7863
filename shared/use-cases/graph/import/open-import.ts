import type { Actor } from '../../../domain/actor.ts';
import { notFound, RunwayError } from '../../../domain/errors.ts';
import { type GraphImport, importIdOf, isImportProvider } from '../../../domain/graph/import/graph-import.ts';
import type { ImportMode } from '../../../domain/graph/import/import-line.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ImportStore } from '../../../ports/import-store.ts';
import { withRetryOnConflict } from '../../with-retry-on-conflict.ts';

type Opening = {
  readonly provider: string;
  readonly mode: ImportMode;
  readonly actor: Actor;
  readonly now: Instant;
};

/** Opens an import that takes parts. Throws `InvalidRequest` (code `reserved-provider`). */
export function openImport(imports: ImportStore, { provider, mode, actor, now }: Opening): Promise<GraphImport> {
  if (!isImportProvider(provider))
    throw new RunwayError(
      'InvalidRequest',
      'reserved-provider',
      `provider ${JSON.stringify(provider)} says what it knows another way, expected a name of your own`,
    );
  return withRetryOnConflict(async () => {
    const present = (await imports.provider(provider)) ?? { provider, count: 0, revision: 0 };
    const count = present.count + 1;
    const opened: GraphImport = {
      importId: importIdOf(provider, count),
      provider,
      mode,
      status: 'open',
      startedBy: actor.id,
      startedAt: now,
      updatedAt: now,
      attempt: 1,
      revision: 1,
      parts: 0,
      groups: 0,
      done: 0,
      pages: 0,
      lines: 0,
      entities: 0,
      edges: 0,
      rejected: 0,
      errors: [],
      changed: 0,
      same: 0,
      retired: 0,
    };
    await imports.putBoth(opened, { ...present, count, revision: present.revision + 1 });
    return opened;
  });
}

/** Throws `NotFound` (code `unknown-import`). */
export async function getImport(imports: ImportStore, importId: string): Promise<GraphImport> {
  const found = await imports.get(importId);
  if (found === undefined) throw notFound('import', importId);
  return found;
}
