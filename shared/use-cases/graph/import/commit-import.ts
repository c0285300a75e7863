import { illegalTransition, RunwayError } from '../../../domain/errors.ts';
import {
  type GraphImport,
  groupCount,
  isAbandoned,
  isImporting,
  maximumImportBytes,
} from '../../../domain/graph/import/graph-import.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ImportFiles } from '../../../ports/import-files.ts';
import type { ImportStore } from '../../../ports/import-store.ts';
import type { WorkflowEngine } from '../../../ports/workflow-engine.ts';
import { withRetryOnConflict } from '../../with-retry-on-conflict.ts';
import { getImport } from './open-import.ts';

type PartPorts = { readonly imports: ImportStore; readonly files: ImportFiles };
type Part = {
  readonly importId: string;
  readonly part: number;
  readonly packed: Uint8Array;
  /** Unpacked. */
  readonly bytes: number;
};

/** Takes a part; the same again is the same. Throws `NotFound`, and `IllegalTransition` once the import was committed. */
export async function putImportPart({ imports, files }: PartPorts, given: Part): Promise<GraphImport> {
  const { importId, part, packed, bytes } = given;
  const found = await getImport(imports, importId);
  if (found.status !== 'open') throw illegalTransition('putImportPart', found.status, 'open');
  await files.putPart(importId, part, packed);
  await imports.putPart(importId, { part, bytes });
  return found;
}

type CommitPorts = { readonly imports: ImportStore; readonly workflows: WorkflowEngine };

/**
 * Ends the taking of parts, of which there are `parts`, and begins the import. One that runs or has succeeded is given
 * as it is; one that failed or stands still goes on where it stopped. Throws `NotFound`, `InvalidRequest` (code
 * `missing-parts`), `PayloadTooLarge`, and `IllegalTransition` while another import of the provider writes.
 */
export function commitImport(
  { imports, workflows }: CommitPorts,
  { importId, parts, now }: { readonly importId: string; readonly parts: number; readonly now: Instant },
): Promise<GraphImport> {
  return withRetryOnConflict(async () => {
    const found = await getImport(imports, importId);
    if (found.status === 'succeeded') return found;
    const next = isImporting(found) && !isAbandoned(found, now) ? found : await begin(imports, found, { parts, now });
    // Also when it runs already: whoever began it may have died before this line.
    await workflows.start('importGraph', `${importId}-${next.attempt}`, { importId });
    return next;
  });
}

type Commit = { readonly parts: number; readonly now: Instant };

async function begin(imports: ImportStore, found: GraphImport, { parts, now }: Commit): Promise<GraphImport> {
  const provider = await imports.provider(found.provider);
  if (provider === undefined) throw new Error(`provider ${found.provider} has an import and no record of it`);
  await assertNoneWrites(imports, provider.holder, found.importId, now);
  const begun = found.committedAt === undefined ? await split(imports, found, { parts, now }) : resumed(found);
  const next: GraphImport = { ...begun, updatedAt: now, revision: found.revision + 1 };
  await imports.putBoth(next, { ...provider, holder: found.importId, revision: provider.revision + 1 });
  return next;
}

async function split(imports: ImportStore, found: GraphImport, { parts, now }: Commit): Promise<GraphImport> {
  const present = await imports.parts(found.importId);
  const missing = Array.from({ length: parts }, (_, index) => index + 1).filter((part) =>
    present.every((each) => each.part !== part),
  );
  if (missing.length > 0 || present.length !== parts)
    throw new RunwayError(
      'InvalidRequest',
      'missing-parts',
      `parts ${missing.slice(0, 10).join(', ') || 'beyond the last'} of ${parts}: ${present.length} are here`,
    );
  const bytes = present.reduce((sum, each) => sum + each.bytes, 0);
  if (bytes > maximumImportBytes)
    throw new RunwayError(
      'PayloadTooLarge',
      'payload-too-large',
      `the parts have ${bytes} bytes, at most ${maximumImportBytes} are taken`,
    );
  return { ...found, status: 'splitting', parts, groups: groupCount(bytes), committedAt: now };
}

function resumed({ status, failedIn, endedAt: _, attempt, ...rest }: GraphImport) {
  return { ...rest, status: failedIn ?? status, attempt: attempt + 1 };
}

async function assertNoneWrites(
  imports: ImportStore,
  holder: string | undefined,
  importId: string,
  now: Instant,
): Promise<void> {
  if (holder === undefined || holder === importId) return;
  const other = await imports.get(holder);
  if (other !== undefined && isImporting(other) && !isAbandoned(other, now))
    throw new RunwayError('IllegalTransition', 'import-running', `${holder} of the same provider still writes`);
}
