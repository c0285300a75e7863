import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Journal } from '../journal.ts';
import type { Clock, ResolvedResource } from '../types.ts';
import { parseProperties } from './properties.ts';

export type SnsOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  /** `AWS::SNS::Topic` resources. */
  readonly topics: readonly ResolvedResource[];
  /** `AWS::SNS::Subscription` resources; only e-mail is emulated. */
  readonly subscriptions: readonly ResolvedResource[];
  /** Mails are appended to `<address>.txt` in here. */
  readonly inboxDirectory: string;
};

export type TopicMessage = {
  readonly topicArn: string;
  readonly at: number;
  readonly subject: string;
  readonly message: string;
};

export interface Sns {
  /** Durable when it returns. Throws an Error for an unknown topic. */
  publish(topicArn: string, subject: string, message: string): void;
  /** The newest messages, oldest first. */
  messages(limit: number): readonly TopicMessage[];
}

const subscriptionProperties = z.object({
  TopicArn: z.string(),
  Protocol: z.literal('email', 'only email is emulated'),
  // An address names a file here.
  Endpoint: z.string().regex(/^[^\s/\\]+@[^\s/\\]+$/, 'expected an e-mail address'),
});

/** Topics that keep what was published, and mail boxes for their subscribers; each subscription counts as confirmed. */
export function createSns(options: SnsOptions): Sns {
  const { db } = options.journal;
  const subscriptions = options.subscriptions.map((resource) => parseProperties(resource, subscriptionProperties));
  const topics = new Set(options.topics.map(({ arn }) => arn));
  db.exec(`CREATE TABLE IF NOT EXISTS sns_messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, topicArn TEXT NOT NULL, at INTEGER NOT NULL, subject TEXT NOT NULL,
    message TEXT NOT NULL)`);
  const insert = db.prepare('INSERT INTO sns_messages (topicArn, at, subject, message) VALUES (?, ?, ?, ?)');
  const newest = db.prepare('SELECT topicArn, at, subject, message FROM sns_messages ORDER BY sequence DESC LIMIT ?');

  function deliver(address: string, subject: string, message: string): void {
    mkdirSync(options.inboxDirectory, { recursive: true });
    const date = new Date(options.clock.now()).toUTCString();
    const mail = `To: ${address}\nDate: ${date}\nSubject: ${subject}\n\n${message}\n\n`;
    appendFileSync(path.join(options.inboxDirectory, `${address}.txt`), mail);
  }

  return {
    publish(topicArn, subject, message) {
      if (!topics.has(topicArn)) throw new Error(`no topic ${topicArn} in the template`);
      insert.run(topicArn, options.clock.now(), subject, message);
      for (const { TopicArn, Endpoint } of subscriptions)
        if (TopicArn === topicArn) deliver(Endpoint, subject, message);
    },
    messages: (limit) =>
      newest
        .all(limit)
        .map((row) => ({ ...row }) as TopicMessage)
        .reverse(),
  };
}
