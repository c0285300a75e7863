import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes a data directory for this process, creating it when missing; gives the release. The lock is the operating
 * system's, so a killed process leaves none behind. Throws an Error when another process holds it.
 */
export function lockDataDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const lock = new DatabaseSync(path.join(directory, 'lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new Error(`data directory ${directory} is in use by another process`, { cause });
  }
  return () => lock.close();
}
