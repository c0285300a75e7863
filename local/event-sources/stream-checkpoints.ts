import type { Journal } from '../journal.ts';

/** How far one mapping has come in one shard, and when it first saw what lies beyond. */
export interface ShardCheckpoint {
  /** The last record that is done; undefined at the beginning. */
  position(): string | undefined;
  /** When each of these records, in order, was first read; `now` for those never read before. Durable. */
  arrivals(sequenceNumbers: readonly string[], now: number): readonly number[];
  /** Everything up to this record is done. Durable. */
  advance(sequenceNumber: string): void;
}

type Arrival = { readonly upto: string; readonly arrived_at: number };

const schema = `
  CREATE TABLE IF NOT EXISTS stream_checkpoints (
    mapping TEXT NOT NULL, shard TEXT NOT NULL, position TEXT NOT NULL, PRIMARY KEY (mapping, shard));
  CREATE TABLE IF NOT EXISTS stream_arrivals (
    mapping TEXT NOT NULL, shard TEXT NOT NULL, upto TEXT NOT NULL, arrived_at INTEGER NOT NULL,
    PRIMARY KEY (mapping, shard, upto))`;

/** The last record that is done, by mapping and shard. */
export function readPositions({ db }: Journal): Readonly<Record<string, Readonly<Record<string, string>>>> {
  db.exec(schema);
  const rows = db.prepare('SELECT mapping, shard, position FROM stream_checkpoints').all();
  const positions: Record<string, Record<string, string>> = {};
  for (const { mapping, shard, position } of rows) {
    positions[String(mapping)] = { ...positions[String(mapping)], [String(shard)]: String(position) };
  }
  return positions;
}

/** Opens a shard's checkpoint. Arrival times are kept so that a record read again shows the same one. */
export function openCheckpoint(journal: Journal, mapping: string, shard: string): ShardCheckpoint {
  const { db } = journal;
  db.exec(schema);
  const save = db.prepare('INSERT OR REPLACE INTO stream_checkpoints (mapping, shard, position) VALUES (?, ?, ?)');
  const insert = db.prepare('INSERT INTO stream_arrivals (mapping, shard, upto, arrived_at) VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM stream_arrivals WHERE mapping = ? AND shard = ? AND upto = ?');
  const row = db.prepare('SELECT position FROM stream_checkpoints WHERE mapping = ? AND shard = ?').get(mapping, shard);
  let position = row === undefined ? undefined : String(row.position);
  let known = (
    db
      .prepare('SELECT upto, arrived_at FROM stream_arrivals WHERE mapping = ? AND shard = ?')
      .all(mapping, shard) as Arrival[]
  ).sort((a, b) => compareSequenceNumbers(a.upto, b.upto));

  return {
    position: () => position,
    arrivals(sequenceNumbers, now) {
      const last = sequenceNumbers.at(-1);
      const latest = known.at(-1);
      if (last !== undefined && (latest === undefined || compareSequenceNumbers(latest.upto, last) < 0)) {
        insert.run(mapping, shard, last, now);
        known.push({ upto: last, arrived_at: now });
      }
      return sequenceNumbers.map(
        (number) => known.find(({ upto }) => compareSequenceNumbers(number, upto) <= 0)?.arrived_at ?? now,
      );
    },
    advance(sequenceNumber) {
      position = sequenceNumber;
      const isDone = ({ upto }: Arrival) => compareSequenceNumbers(upto, sequenceNumber) <= 0;
      journal.transaction(() => {
        save.run(mapping, shard, sequenceNumber);
        for (const { upto } of known.filter(isDone)) remove.run(mapping, shard, upto);
      });
      known = known.filter((arrival) => !isDone(arrival));
    },
  };
}

/** Sequence numbers are decimal integers too long for a number and of varying length. */
function compareSequenceNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
