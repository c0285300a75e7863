import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Journal } from '../journal.ts';
import { settleAll } from '../settle-all.ts';
import type { Clock, Deliveries, Functions, Guard, InvocationResult, ResolvedResource, WorkSource } from '../types.ts';
import { functionNameOf, parseArn } from './arn.ts';
import { destinationSchema, parseProperties } from './properties.ts';

export type SendToQueue = (queueArn: string, body: string, attributes?: Readonly<Record<string, string>>) => void;

export type DeliveriesOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly functions: Functions;
  readonly sendToQueue: SendToQueue;
  readonly guard: Guard;
  /** The role of a function, which its on-failure destination is written with. */
  readonly roleOf: (functionName: string) => string;
  /** Resources of type `AWS::Lambda::EventInvokeConfig`. */
  readonly eventInvokeConfigs?: readonly ResolvedResource[];
  readonly log?: (message: string) => void;
};

type Delivery = {
  readonly sequence: number;
  readonly target: string;
  readonly payload: string;
  readonly dead_letter: string | null;
  readonly maximum_retries: number | null;
  readonly attempts: number;
  readonly principal: string;
  readonly source_arn: string | null;
};

const invokeConfigProperties = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z.number().default(2),
  DestinationConfig: destinationSchema.optional(),
});
type InvokeConfig = z.infer<typeof invokeConfigProperties>;

// Lambda retries an asynchronous invocation at most twice, after one minute and then two.
const maximumAsynchronousRetries = 2;
const backOffMilliseconds = 60_000;

const schema = `
  CREATE TABLE IF NOT EXISTS deliveries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, payload TEXT NOT NULL, dead_letter TEXT,
    maximum_retries INTEGER, deduplication_id TEXT UNIQUE, attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL, principal TEXT NOT NULL, source_arn TEXT);
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at)`;

/**
 * Pending deliveries to functions and queues, in the journal until each has succeeded or is dead-lettered. A
 * deduplication id counts while its delivery is pending. Deliveries to one function run in order, those to several
 * functions at once.
 */
export function createDeliveries(options: DeliveriesOptions): Deliveries & WorkSource {
  const { journal, clock, functions, sendToQueue, log = () => undefined } = options;
  const { db } = journal;
  db.exec(schema);
  addColumns(db);
  const insert = db.prepare(
    `INSERT OR IGNORE INTO deliveries
       (target, payload, dead_letter, maximum_retries, deduplication_id, due_at, principal, source_arn)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectDue = db.prepare('SELECT * FROM deliveries WHERE due_at <= ? ORDER BY sequence LIMIT 1000');
  const selectNext = db.prepare('SELECT min(due_at) AS at FROM deliveries WHERE due_at > ?');
  const postpone = db.prepare('UPDATE deliveries SET attempts = ?, due_at = ? WHERE sequence = ?');
  const remove = db.prepare('DELETE FROM deliveries WHERE sequence = ?');
  const invokeConfigs = (options.eventInvokeConfigs ?? []).map((resource) =>
    parseProperties(resource, invokeConfigProperties),
  );

  const invokeConfigOf = (functionName: string) =>
    invokeConfigs.find((config) => functionNameOf(config.FunctionName) === functionName);

  /** Why whoever delivers may not do this to a queue or a function. */
  function refusal({ principal, source_arn }: Delivery, resource: string): string | undefined {
    const action = parseArn(resource).service === 'lambda' ? 'lambda:InvokeFunction' : 'sqs:SendMessage';
    return options.guard({ principal, action, resource, ...(source_arn !== null && { sourceArn: source_arn }) });
  }

  /** A delivery that may not be made is not tried again. */
  function refuse(delivery: Delivery, errorMessage: string): void {
    const failure = { ok: false as const, errorType: 'NO_PERMISSIONS', errorMessage };
    finish(delivery, () => deadLetter(delivery, undefined, failure));
  }

  function finish(delivery: Delivery, send: () => void): void {
    journal.transaction(() => {
      send();
      remove.run(delivery.sequence);
    });
  }

  function deliverToQueue(delivery: Delivery): void {
    finish(delivery, () => sendToQueue(delivery.target, delivery.payload));
  }

  async function deliverToFunction(delivery: Delivery): Promise<void> {
    const functionName = functionNameOf(delivery.target);
    const config = invokeConfigOf(functionName);
    const result = await invoke(functions, functionName, delivery.payload);
    if (result.ok) return finish(delivery, () => undefined);
    const attempts = delivery.attempts + 1;
    const retries = config?.MaximumRetryAttempts ?? delivery.maximum_retries ?? maximumAsynchronousRetries;
    if (attempts <= Math.min(retries, maximumAsynchronousRetries)) {
      postpone.run(attempts, clock.now() + attempts * backOffMilliseconds, delivery.sequence);
      return;
    }
    log(
      `${functionName} failed ${attempts} times on an asynchronous event: ${result.errorType} ${result.errorMessage}`,
    );
    finish(delivery, () => deadLetter({ ...delivery, attempts }, config, result));
  }

  function deadLetter(delivery: Delivery, config: InvokeConfig | undefined, failure: Failure): void {
    const destination = config?.DestinationConfig?.OnFailure?.Destination;
    if (destination !== undefined) {
      const principal = options.roleOf(functionNameOf(delivery.target));
      if (options.guard({ principal, action: 'sqs:SendMessage', resource: destination }) === undefined)
        sendToQueue(destination, onFailureRecord(delivery, failure, clock.now()));
    } else if (delivery.dead_letter !== null && refusal(delivery, delivery.dead_letter) === undefined) {
      const { errorType, errorMessage } = failure;
      const attributes = {
        ERROR_CODE: errorType,
        ERROR_MESSAGE: errorMessage || errorType,
        TARGET_ARN: delivery.target,
      };
      sendToQueue(delivery.dead_letter, delivery.payload, attributes);
    }
  }

  /** All to a queue, but only the first to a function, so that stopping never waits for more than one invocation. */
  async function deliver(sameTarget: readonly Delivery[]): Promise<void> {
    const [first] = sameTarget;
    if (first === undefined) return;
    const reason = refusal(first, first.target);
    if (reason !== undefined) refuse(first, reason);
    else if (parseArn(first.target).service === 'lambda') await deliverToFunction(first);
    else for (const delivery of sameTarget) deliverToQueue(delivery);
  }

  return {
    name: 'deliveries',
    enqueue(delivery) {
      requireDeliverable(delivery.targetArn);
      const { targetArn, payload, deadLetterArn, maximumRetryAttempts, deduplicationId, by } = delivery;
      const optional = [deadLetterArn ?? null, maximumRetryAttempts ?? null, deduplicationId ?? null];
      insert.run(targetArn, payload, ...optional, clock.now(), by.principal, by.sourceArn ?? null);
    },
    async pump() {
      const due = selectDue.all(clock.now()) as Delivery[];
      const byTarget = Map.groupBy(due, ({ target, principal, source_arn }) => [target, principal, source_arn].join());
      await settleAll([...byTarget.values()].map(deliver));
      return due.length > 0;
    },
    nextWakeAt() {
      const at = selectNext.get(clock.now())?.at ?? undefined;
      return at === undefined ? undefined : Number(at);
    },
  };
}

/** A journal of before permissions were enforced does not say who delivers; what waits there is refused. */
function addColumns(db: Journal['db']): void {
  const names = db
    .prepare('PRAGMA table_info(deliveries)')
    .all()
    .map(({ name }) => name);
  if (names.includes('principal')) return;
  db.exec(`ALTER TABLE deliveries ADD COLUMN principal TEXT NOT NULL DEFAULT 'unknown'`);
  db.exec('ALTER TABLE deliveries ADD COLUMN source_arn TEXT');
}

/** Throws an Error when nothing here delivers to this kind of target. */
export function requireDeliverable(targetArn: string): void {
  const { service } = parseArn(targetArn);
  if (service !== 'lambda' && service !== 'sqs') throw new Error(`target ${targetArn}: only functions and queues`);
}

type Failure = Extract<InvocationResult, { readonly ok: false }>;

async function invoke(functions: Functions, functionName: string, payload: string): Promise<InvocationResult> {
  try {
    return await functions.invoke(functionName, JSON.parse(payload));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, errorType: name, errorMessage: message };
  }
}

/** What Lambda sends to an on-failure destination. Source: Lambda developer guide, asynchronous invocation records. */
function onFailureRecord(delivery: Delivery, failure: Failure, now: number): string {
  const { errorType, errorMessage, trace } = failure;
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: delivery.target,
      condition: 'RetriesExhausted',
      approximateInvokeCount: delivery.attempts,
    },
    requestPayload: JSON.parse(delivery.payload),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType, errorMessage, ...(trace === undefined ? {} : { trace }) },
  });
}
