import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What the embedded cloud must not forget: one SQLite file that every service keeps its tables in. */
export interface Journal {
  readonly db: DatabaseSync;
  /** Runs synchronous work atomically; a transaction inside a transaction joins it. Rethrows after rolling back. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Opens the journal, creating file and folder when missing. `:memory:` keeps nothing. */
export function openJournal(path: string): Journal {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  // NORMAL in WAL mode survives kill -9 of the process; only a power cut can lose the last commits.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
  return {
    db,
    transaction(work) {
      if (db.isTransaction) return work();
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}
