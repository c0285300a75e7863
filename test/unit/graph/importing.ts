import { gzipSync } from 'node:zlib';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { createMemoryImportFiles } from '../../../shared/adapters/memory/memory-import-files.ts';
import { createMemoryImportStore } from '../../../shared/adapters/memory/memory-import-store.ts';
import { createMemoryWorkflowEngine } from '../../../shared/adapters/memory/memory-workflow-engine.ts';
import { type GraphImport, isImporting } from '../../../shared/domain/graph/import/graph-import.ts';
import type { ImportMode } from '../../../shared/domain/graph/import/import-line.ts';
import { parseJson } from '../../../shared/runtime/parse-json.ts';
import { commitImport, putImportPart } from '../../../shared/use-cases/graph/import/commit-import.ts';
import { openImport } from '../../../shared/use-cases/graph/import/open-import.ts';
import { stepImport } from '../../../shared/use-cases/graph/import/step-import.ts';
import { createStoredView } from '../../support/stored-view.ts';

const actor = { id: 'ada', kind: 'service', roles: ['graph-importer'], teams: [] } as const;
export const day = (number: number) => `2001-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;

/** Before which call of a port, from 1, everything stops; undefined: never. */
type Crash = { left: number } | undefined;

/** Imports over ports in memory. */
export function importing() {
  const store = createMemoryGraphStore();
  const imports = createMemoryImportStore();
  const files = createMemoryImportFiles();
  const workflows = createMemoryWorkflowEngine();
  let crash: Crash;
  const ports = {
    imports: dying(imports, () => crash),
    store: dying(store, () => crash),
    files: dying(files, () => crash),
    workflows,
    parseLine: parseJson,
  };

  async function open(provider: string, mode: ImportMode, parts: readonly (readonly unknown[])[], now = day(1)) {
    const { importId } = await openImport(imports, { provider, mode, actor, now });
    for (const [index, lines] of parts.entries()) {
      const text = Buffer.from(
        lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
      );
      await putImportPart(
        { imports, files },
        { importId, part: index + 1, packed: gzipSync(text), bytes: text.length },
      );
    }
    return importId;
  }

  /** Steps until it has ended, again after every crash. */
  async function finish(importId: string, now = day(2)): Promise<GraphImport> {
    for (;;) {
      const stepped = await stepImport(ports, importId, now).catch((error: unknown) => {
        if (crash === undefined) throw error;
        crash = undefined;
      });
      if (stepped !== undefined && !isImporting(stepped)) return stepped;
    }
  }

  return {
    ports,
    open,
    finish,
    commit: (importId: string, parts = 1, now = day(2)) =>
      commitImport({ imports, workflows }, { importId, parts, now }),
    async run(provider: string, mode: ImportMode, lines: readonly unknown[], now = day(2)): Promise<GraphImport> {
      const importId = await open(provider, mode, [lines], now);
      await commitImport({ imports, workflows }, { importId, parts: 1, now });
      return finish(importId, now);
    },
    crashBefore: (call: number) => {
      crash = { left: call };
    },
    hasCrashed: () => crash === undefined,
    /** Every edge that holds, as text, sorted. */
    async edges(): Promise<readonly string[]> {
      const graph = await createStoredView(store)();
      const all = [...graph.uris()].flatMap((uri) => [...graph.claimsFrom(uri)]);
      return all
        .filter(({ validTo }) => validTo === undefined)
        .map(({ from, type, to, claimant }) => `${claimant}: ${from} ${type} ${to}`)
        .toSorted();
    },
    contents: async () =>
      JSON.stringify(
        (await store.all()).contributions
          .toSorted((a, b) => (a.streamId < b.streamId ? -1 : 1))
          .map(({ streamId, contribution }) => [streamId, contribution]),
      ),
    changes: async () => (await store.all()).change,
    store,
    imports,
  };
}

/** The port, every call of which may be one that the process does not come to. */
function dying<T extends object>(port: T, crash: () => Crash): T {
  const count = () => {
    const next = crash();
    if (next === undefined) return;
    next.left -= 1;
    if (next.left === 0) throw new Error('crash');
  };
  return new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown;
      return (...args: readonly unknown[]) => {
        count();
        return member(...args);
      };
    },
  });
}
