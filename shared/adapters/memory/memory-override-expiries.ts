import type { OverrideExpiries, OverrideExpiry } from '../../ports/override-expiries.ts';

const most = 100;

/** Twin of the notes in the graph table for tests. */
export function createMemoryOverrideExpiries(): OverrideExpiries {
  const notes = new Map<string, OverrideExpiry>();
  const keyOf = ({ subject, expiresAt }: OverrideExpiry) => `${expiresAt} ${subject}`;
  return {
    note: async (expiry) => {
      notes.set(keyOf(expiry), expiry);
    },
    due: async (now) => {
      const due = [...notes].filter(([, { expiresAt }]) => expiresAt <= now);
      return due
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, expiry]) => expiry)
        .slice(0, most);
    },
    forget: async (expiry) => {
      notes.delete(keyOf(expiry));
    },
  };
}
