import { randomUUID } from 'node:crypto';
import type { Journal } from '../journal.ts';
import { type Clock, ServiceError } from '../types.ts';
import type { MessageAttributes } from './message-digest.ts';

export type QueueSettings = {
  readonly arn: string;
  readonly visibilitySeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly redrive: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number } | undefined;
};

export type ReceivedMessage = {
  readonly id: string;
  /** Names this receipt, not the message: a later receipt makes it stale. */
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Times are virtual milliseconds. */
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly receiveCount: number;
  readonly sourceArn: string | undefined;
};

/** `oldestVisibleAt` is since when the first of the visible messages could be received. */
export type QueueDepth = {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly oldestVisibleAt: number | undefined;
};

/** One queue that is not empty. */
export type QueueGauge = { readonly queueArn: string; readonly visible: number; readonly oldestSentAt: number };

const schema = `
  CREATE TABLE IF NOT EXISTS sqs_messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, queue TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT NOT NULL, source TEXT, sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0, first_received_at INTEGER);
  CREATE INDEX IF NOT EXISTS sqs_visible ON sqs_messages (queue, visible_at)`;

type Row = {
  readonly id: string;
  readonly body: string;
  readonly attributes: string;
  readonly source: string | null;
  readonly sent_at: number;
  readonly receive_count: number;
  readonly first_received_at: number | null;
};

/** Messages of all standard queues, in the journal. A message is hidden, not removed, until it is deleted. */
export function createMessageStore(journal: Journal, clock: Clock) {
  const { db } = journal;
  db.exec(schema);
  const insert = db.prepare(
    'INSERT INTO sqs_messages (id, queue, body, attributes, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const expire = db.prepare('DELETE FROM sqs_messages WHERE queue = ? AND sent_at <= ?');
  const selectVisible = db.prepare(
    'SELECT * FROM sqs_messages WHERE queue = ? AND visible_at <= ? ORDER BY sequence LIMIT ?',
  );
  const hide = db.prepare(
    'UPDATE sqs_messages SET visible_at = ?, receive_count = ?, first_received_at = ? WHERE id = ?',
  );
  const redrive = db.prepare(
    `UPDATE sqs_messages SET queue = ?, source = queue, receive_count = 0, first_received_at = NULL
     WHERE queue = ? AND visible_at <= ? AND receive_count >= ?`,
  );
  const byReceipt = 'WHERE queue = ? AND id = ? AND receive_count = ?';
  const remove = db.prepare(`DELETE FROM sqs_messages ${byReceipt}`);
  const changeVisibility = db.prepare(`UPDATE sqs_messages SET visible_at = ? ${byReceipt} AND visible_at > ?`);
  const purge = db.prepare('DELETE FROM sqs_messages WHERE queue = ?');
  const nextVisible = db.prepare('SELECT min(visible_at) AS at FROM sqs_messages WHERE queue = ? AND visible_at > ?');
  const count = db.prepare(
    `SELECT count(*) FILTER (WHERE visible_at <= ?1) AS visible,
       count(*) FILTER (WHERE visible_at > ?1 AND receive_count > 0) AS inFlight,
       count(*) FILTER (WHERE visible_at > ?1 AND receive_count = 0) AS delayed,
       min(visible_at) FILTER (WHERE visible_at <= ?1) AS oldestVisibleAt
     FROM sqs_messages WHERE queue = ?2`,
  );

  const gauges = db.prepare(
    `SELECT queue AS queueArn, count(*) FILTER (WHERE visible_at <= ?1) AS visible, min(sent_at) AS oldestSentAt
     FROM sqs_messages WHERE sent_at <= ?1 GROUP BY queue`,
  );

  function receiveRow(row: Row, visibleAt: number): ReceivedMessage {
    const receiveCount = row.receive_count + 1;
    const firstReceivedAt = row.first_received_at ?? clock.now();
    hide.run(visibleAt, receiveCount, firstReceivedAt, row.id);
    return {
      id: row.id,
      receiptHandle: Buffer.from(`${row.id}/${receiveCount}`).toString('base64url'),
      body: row.body,
      attributes: JSON.parse(row.attributes),
      sentAt: row.sent_at,
      firstReceivedAt,
      receiveCount,
      sourceArn: row.source ?? undefined,
    };
  }

  return {
    /** Durable when it returns; gives the message's id. */
    add(queue: QueueSettings, body: string, attributes: MessageAttributes, delaySeconds = queue.delaySeconds): string {
      const id = randomUUID();
      const now = clock.now();
      insert.run(id, queue.arn, body, JSON.stringify(attributes), now, now + delaySeconds * 1000);
      return id;
    },
    /** Hides up to `limit` messages, oldest first, and hands them out; those received too often move to the DLQ. */
    receive(queue: QueueSettings, limit: number, visibilitySeconds = queue.visibilitySeconds) {
      const now = clock.now();
      return journal.transaction(() => {
        expire.run(queue.arn, now - queue.retentionSeconds * 1000);
        const { deadLetterTargetArn, maxReceiveCount } = queue.redrive ?? {};
        const moved =
          deadLetterTargetArn === undefined || maxReceiveCount === undefined
            ? 0
            : Number(redrive.run(deadLetterTargetArn, queue.arn, now, maxReceiveCount).changes);
        const rows = selectVisible.all(queue.arn, now, limit) as Row[];
        const messages = rows.map((row) => receiveRow(row, now + visibilitySeconds * 1000));
        return { messages, moved };
      });
    },
    /** A stale receipt deletes nothing, as in SQS. Throws `ReceiptHandleIsInvalid`. */
    remove(queue: QueueSettings, receiptHandle: string): void {
      remove.run(queue.arn, ...parseReceipt(receiptHandle));
    },
    /** Whether the message was in flight under this receipt. Throws `ReceiptHandleIsInvalid`. */
    changeVisibility(queue: QueueSettings, receiptHandle: string, seconds: number): boolean {
      const now = clock.now();
      const changed = changeVisibility.run(now + seconds * 1000, queue.arn, ...parseReceipt(receiptHandle), now);
      return changed.changes > 0;
    },
    purge: (queue: QueueSettings): void => void purge.run(queue.arn),
    depth(queue: QueueSettings): QueueDepth {
      const now = clock.now();
      expire.run(queue.arn, now - queue.retentionSeconds * 1000);
      const row = count.get(now, queue.arn);
      const oldest = row?.oldestVisibleAt ?? undefined;
      return {
        visible: Number(row?.visible),
        inFlight: Number(row?.inFlight),
        delayed: Number(row?.delayed),
        oldestVisibleAt: oldest === undefined ? undefined : Number(oldest),
      };
    },
    /** Of every queue that holds a message, visible or not, as of `time`. */
    gauges: (time: number) => gauges.all(time).map((row) => ({ ...row }) as QueueGauge),
    /** When the next hidden message can be received. */
    nextVisibleAt(queue: QueueSettings): number | undefined {
      const at = nextVisible.get(queue.arn, clock.now())?.at ?? undefined;
      return at === undefined ? undefined : Number(at);
    },
  };
}

function parseReceipt(receiptHandle: string): [id: string, receiveCount: number] {
  const [id, receiveCount] = Buffer.from(receiptHandle, 'base64url').toString('utf8').split('/');
  if (id === undefined || !/^\d+$/.test(receiveCount ?? '')) {
    throw new ServiceError('ReceiptHandleIsInvalid', 'this never was a receipt handle');
  }
  return [id, Number(receiveCount)];
}
