import type { Journal } from './journal.ts';
import type { Clock } from './types.ts';

export type ClockSettings =
  /** `start` (milliseconds since the epoch) counts only where the journal holds no time yet. */
  { readonly mode: 'virtual'; readonly start: number } | { readonly mode: 'wall' };

export interface SettableClock extends Clock {
  readonly mode: 'virtual' | 'wall';
  /** Moves virtual time to `time`, durably. Throws a RangeError for a time in the past, a TypeError on a wall clock. */
  set(time: number): void;
}

/** A clock that continues, after a restart, from the time it had reached. */
export function createClock(journal: Journal, settings: ClockSettings): SettableClock {
  if (settings.mode === 'wall') return { mode: 'wall', now: Date.now, set: refuseToSet };
  journal.db.exec('CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), now INTEGER NOT NULL)');
  journal.db.prepare('INSERT OR IGNORE INTO clock (id, now) VALUES (1, ?)').run(settings.start);
  const write = journal.db.prepare('UPDATE clock SET now = ?');
  let now = Number(journal.db.prepare('SELECT now FROM clock').get()?.now);
  return {
    mode: 'virtual',
    now: () => now,
    set(time) {
      if (!(time >= now)) throw new RangeError(`virtual time ${time} is before ${now}`);
      write.run(time);
      now = time;
    },
  };
}

function refuseToSet(): never {
  throw new TypeError('a wall clock cannot be set');
}
