import { createRequire } from 'node:module';
import type { GrafeoDB } from '@grafeo-db/js';
import { ServiceError } from '../types.ts';

export interface NeptuneEngine {
  /** Rows of one openCypher statement, which is one transaction. Throws a `ServiceError` with Neptune's code. */
  run(query: string, parameters: Readonly<Record<string, unknown>>): Promise<readonly object[]>;
  stop(): Promise<void>;
}

/**
 * openCypher on Grafeo, an embedded database in this process, kept under `path` and opened with the first statement.
 * Statements run one after another. Rows hold scalars, lists and maps: nodes and relationships as such are refused.
 */
export function createNeptune({ path }: { readonly path: string }): NeptuneEngine {
  let database: GrafeoDB | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const indexed = new Set<string>();

  async function execute(query: string, parameters: Readonly<Record<string, unknown>>): Promise<readonly object[]> {
    database ??= open(path);
    for (const label of labelsWithIds(query)) {
      // Neptune finds everything by its id; Grafeo needs to be told.
      if (!indexed.has(label)) await indexIds(database, label);
      indexed.add(label);
    }
    return (await database.executeCypher(idsAsProperties(query), parameters)).toArray().map(plainRow);
  }

  return {
    run(query, parameters) {
      const turn = last.then(() => execute(query, parameters)).catch(asNeptune);
      last = turn.catch(() => undefined);
      return turn;
    },
    async stop() {
      await last;
      database?.close();
      database = undefined;
    },
  };
}

// Loaded when needed: it is 18 MB of machine code, and most that runs here has no graph.
function open(path: string): GrafeoDB {
  const { GrafeoDB: Database } = createRequire(import.meta.url)('@grafeo-db/js') as typeof import('@grafeo-db/js');
  return Database.create(path);
}

async function indexIds(database: GrafeoDB, label: string): Promise<void> {
  await database.executeCypher(`CREATE INDEX ids_of_${label} IF NOT EXISTS FOR (n:${label}) ON (n.\`~id\`)`);
}

function labelsWithIds(query: string): readonly string[] {
  return [...query.matchAll(/\(\s*\w*\s*:(\w+)\s*\{\s*`~id`/g)].map((match) => match[1] ?? '');
}

/** Grafeo's `id(n)` is a number of its own. */
function idsAsProperties(query: string): string {
  return query.replace(/\bid\(\s*(\w+)\s*\)/g, '$1.`~id`');
}

function asNeptune(error: unknown): never {
  if (error instanceof ServiceError) throw error;
  throw new ServiceError('MalformedQueryException', error instanceof Error ? error.message : String(error));
}

function plainRow(row: object): object {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value, name)]));
}

function plain(value: unknown, name: string): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map((item) => plain(item, name));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.keys(value).some((key) => key.startsWith('_')))
    throw new ServiceError(
      'UnsupportedOperationException',
      `${name} is a node or a relationship; return what it holds`,
    );
  return plainRow(value);
}
