import { RunwayError } from './errors.ts';

/** Members of a page's cursor; none when it was not made by us. */
export function cursorParts(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** `whose`: what the cursor should have come from, e.g. `list`. */
export function foreignCursor(whose: 'list' | 'order'): RunwayError {
  const field = { field: 'query:/cursor', code: 'invalid-cursor', reason: 'expected the cursor of the page before' };
  return new RunwayError('InvalidRequest', 'invalid-cursor', `the cursor does not belong to this ${whose}`, [field]);
}
