import type { Contribution } from '../../../domain/graph/contribution.ts';
import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import {
  endsUnsaid,
  type GraphImport,
  isImporting,
  type LineError,
  shownErrors,
} from '../../../domain/graph/import/graph-import.ts';
import { type GroupLine, mergeLines } from '../../../domain/graph/import/merge-lines.ts';
import { contributionId } from '../../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../../domain/time.ts';
import type { GraphStore } from '../../../ports/graph-store.ts';
import type { ImportFiles } from '../../../ports/import-files.ts';
import type { ImportStore } from '../../../ports/import-store.ts';
import { makeStatements } from '../make-statements.ts';
import { getImport } from './open-import.ts';
import { groupOf, type ParseLine, putGroups, splitPart } from './split-part.ts';

export type StepPorts = {
  readonly imports: ImportStore;
  readonly files: ImportFiles;
  readonly store: Pick<GraphStore, 'getMany' | 'putMany' | 'subjectsOf'>;
  readonly parseLine: ParseLine;
};

/**
 * Does the next part, page or group of an import and says where that leads. Each is in memory alone, and doing it again
 * does no harm: files are put in place of themselves, and a statement that was made is made again to no effect.
 */
export async function stepImport(ports: StepPorts, importId: string, now: Instant): Promise<GraphImport> {
  const found = await getImport(ports.imports, importId);
  if (!isImporting(found)) return found;
  const { holder } = (await ports.imports.provider(found.provider)) ?? {};
  const next = holder === importId ? await advance(ports, found, now) : given(found, 'another import took over', now);
  const stepped = { ...next, updatedAt: now, revision: found.revision + 1 };
  await ports.imports.put(stepped);
  return stepped;
}

/** Called when the workflow has given up. */
export async function failImport(imports: ImportStore, importId: string, now: Instant): Promise<GraphImport> {
  const found = await getImport(imports, importId);
  if (!isImporting(found)) return found;
  const reason = 'a step failed too often; commit it again to go on where it stopped';
  const failed = { ...given(found, reason, now), updatedAt: now, revision: found.revision + 1 };
  await imports.put(failed);
  return failed;
}

type Importing = GraphImport & { readonly status: 'splitting' | 'listing' | 'writing' };

function given(found: Importing, reason: string, now: Instant): GraphImport {
  return { ...withError(found, { reason }), status: 'failed', failedIn: found.status, endedAt: now };
}

function advance(ports: StepPorts, found: Importing, now: Instant): Promise<GraphImport> {
  if (found.status === 'splitting') return split(ports, found);
  return found.status === 'listing' ? list(ports, found) : write(ports, found, now);
}

async function split(ports: StepPorts, found: Importing): Promise<GraphImport> {
  const counts = await splitPart(ports, found, found.done + 1);
  const next: GraphImport = { ...found, ...counts, done: found.done + 1 };
  if (next.done < next.parts) return next;
  return { ...next, status: endsUnsaid(next) ? 'listing' : 'writing', done: 0 };
}

/** What the provider said before goes into the groups, too, where it meets what it says now. */
async function list({ store, files }: StepPorts, found: Importing): Promise<GraphImport> {
  const { importId, provider, groups, done } = found;
  const subjects = await store.subjectsOf(provider, done);
  if (subjects === undefined) return { ...found, status: 'writing', done: 0 };
  const sorted: string[][] = Array.from({ length: groups }, () => []);
  for (const subject of subjects) {
    const line: GroupLine = { kind: 'known', subject };
    sorted[groupOf(subject, groups)]?.push(JSON.stringify(line));
  }
  await putGroups(files, importId, `known-${done + 1}`, sorted);
  return { ...found, pages: done + 1, done: done + 1 };
}

async function write({ store, files }: StepPorts, found: Importing, now: Instant): Promise<GraphImport> {
  const { provider, done, committedAt = now } = found;
  const lines = await groupLines(files, found);
  const previous = endsUnsaid(found) ? undefined : await stated(store, provider, lines);
  const { statements, retired, overfull } = mergeLines(lines, previous);
  const made = await makeStatements(store, { provider, statements, now: committedAt });
  const gone = await makeStatements(store, { provider, retired, now: committedAt });
  const next: GraphImport = {
    ...overfull.reduce<GraphImport>(
      (each, subject) => withError(each, { reason: `${subject} has more edges than are kept` }),
      found,
    ),
    changed: found.changed + made.changed,
    same: found.same + made.same,
    retired: found.retired + gone.changed,
    done: done + 1,
  };
  return next.done < next.groups ? next : { ...next, status: 'succeeded', endedAt: now };
}

async function groupLines(files: ImportFiles, { importId, parts, pages, done }: GraphImport) {
  const names = [
    ...Array.from({ length: pages }, (_, index) => `known-${index + 1}`),
    ...Array.from({ length: parts }, (_, index) => `part-${index + 1}`),
  ];
  const lines: GroupLine[] = [];
  // Our own lines, in a file that names what they are.
  for (const name of names)
    for await (const text of files.groupLines(importId, done, name)) lines.push(JSON.parse(text) as GroupLine);
  return lines;
}

async function stated(store: StepPorts['store'], provider: string, lines: readonly GroupLine[]) {
  const subjects = [...new Set(lines.map(({ subject }) => subject))];
  const said = new Map<EntityUri, Contribution>();
  const streams = await store.getMany(subjects.map((subject) => contributionId(provider, subject)));
  const byStream = new Map(streams.map(({ streamId, contribution }) => [streamId, contribution]));
  for (const subject of subjects) {
    const contribution = byStream.get(contributionId(provider, subject));
    if (contribution !== undefined) said.set(subject, contribution);
  }
  return (subject: EntityUri) => said.get(subject);
}

function withError<I extends GraphImport>(found: I, error: LineError): I {
  return { ...found, errors: [...found.errors, error].slice(0, shownErrors) };
}
