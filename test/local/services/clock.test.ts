import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { openJournal } from '../../../local/journal.ts';
import { start, temporaryDirectory, virtualTime } from './fixtures.ts';

test('virtual time continues after a restart from where it was, whatever start is asked for', () => {
  const path = join(temporaryDirectory(), 'journal.db');
  const first = virtualTime(path);
  first.clock.set(start + 5000);
  first.journal.close();
  const journal = openJournal(path);
  expect(createClock(journal, { mode: 'virtual', start }).now()).toBe(start + 5000);
});

test('virtual time never goes back', () => {
  const { clock } = virtualTime();
  clock.set(start + 1);
  expect(() => clock.set(start)).toThrow(RangeError);
  expect(() => clock.set(Number.NaN)).toThrow(RangeError);
  expect(clock.now()).toBe(start + 1);
});

test('a wall clock cannot be set', () => {
  expect(() => createClock(openJournal(':memory:'), { mode: 'wall' }).set(start)).toThrow(TypeError);
});

test('a transaction that throws leaves nothing, with everything inside it', () => {
  const { journal } = virtualTime();
  journal.db.exec('CREATE TABLE notes (text TEXT)');
  const write = (text: string) => journal.db.prepare('INSERT INTO notes VALUES (?)').run(text);
  const work = () => {
    write('outer');
    journal.transaction(() => write('inner'));
    throw new Error('late failure');
  };
  expect(() => journal.transaction(work)).toThrow('late failure');
  expect(journal.db.prepare('SELECT * FROM notes').all()).toEqual([]);
});
