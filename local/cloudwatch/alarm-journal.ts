import type { Journal } from '../journal.ts';
import type { AlarmState } from './judge-alarm.ts';

export type Transition = {
  readonly name: string;
  /** Virtual milliseconds: the minute at whose end the alarm was evaluated. */
  readonly at: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
};

export type Kept = {
  readonly state: AlarmState;
  readonly since: number;
  readonly createdAt: number;
  readonly reason: string;
};

/** States and their history, durable. */
export interface AlarmJournal {
  /** What is known of an alarm; from now on when it is new. */
  open(name: string, now: number): Kept;
  move(transition: Transition): void;
  /** The newest changes, oldest first. */
  history(limit: number): readonly Transition[];
  /** All alarms have been evaluated up to here; 0 before the first time. */
  evaluatedTo(): number;
  setEvaluatedTo(at: number): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS cloudwatch_alarms (
    name TEXT PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL, created_at INTEGER NOT NULL, reason TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS cloudwatch_history (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, at INTEGER NOT NULL, "from" TEXT NOT NULL,
    "to" TEXT NOT NULL, reason TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS cloudwatch_progress (id INTEGER PRIMARY KEY CHECK (id = 1), evaluated_to INTEGER NOT NULL)`;

export function createAlarmJournal({ db, transaction }: Journal): AlarmJournal {
  db.exec(schema);
  const create = db.prepare(
    `INSERT OR IGNORE INTO cloudwatch_alarms (name, state, since, created_at, reason)
     VALUES (?1, 'INSUFFICIENT_DATA', ?2, ?2, 'new')`,
  );
  const select = db.prepare(
    'SELECT state, since, created_at AS createdAt, reason FROM cloudwatch_alarms WHERE name = ?',
  );
  const update = db.prepare('UPDATE cloudwatch_alarms SET state = ?, since = ?, reason = ? WHERE name = ?');
  const insert = db.prepare('INSERT INTO cloudwatch_history (name, at, "from", "to", reason) VALUES (?, ?, ?, ?, ?)');
  const newest = db.prepare(
    'SELECT name, at, "from", "to", reason FROM cloudwatch_history ORDER BY sequence DESC LIMIT ?',
  );
  const progress = db.prepare('SELECT evaluated_to AS at FROM cloudwatch_progress');
  const setProgress = db.prepare('INSERT OR REPLACE INTO cloudwatch_progress (id, evaluated_to) VALUES (1, ?)');
  return {
    open(name, now) {
      create.run(name, now);
      return { ...select.get(name) } as Kept;
    },
    move: ({ name, at, from, to, reason }) =>
      transaction(() => {
        update.run(to, at, reason, name);
        insert.run(name, at, from, to, reason);
      }),
    history: (limit) =>
      newest
        .all(limit)
        .map((row) => ({ ...row }) as Transition)
        .reverse(),
    evaluatedTo: () => Number(progress.get()?.at ?? 0),
    setEvaluatedTo: (at) => void setProgress.run(at),
  };
}
