import * as z from 'zod';
import type { Journal } from '../journal.ts';
import { type Clock, type JsonService, type ResolvedResource, ServiceError, type WorkSource } from '../types.ts';
import { parseArn } from './arn.ts';
import { type MessageAttribute, type MessageAttributes, md5, md5OfAttributes } from './message-digest.ts';
import {
  createMessageStore,
  type QueueDepth,
  type QueueGauge,
  type QueueSettings,
  type ReceivedMessage,
} from './message-store.ts';
import { parseInput, parseProperties } from './properties.ts';

export interface Sqs extends JsonService, WorkSource {
  /** Durable when it returns. Throws an Error for an unknown queue. */
  send(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): void;
  /** Receives up to `limit` messages under the queue's visibility timeout, without waiting. */
  receiveForMapping(queueArn: string, limit: number): readonly ReceivedMessage[];
  /** Deletes a received message. */
  complete(queueArn: string, receiptHandle: string): void;
  depth(queueArn: string): QueueDepth;
  /** Of every queue that holds a message, as of a moment since which nothing was sent. */
  gauges(time: number): readonly QueueGauge[];
  /** When the next hidden message of one queue can be received. */
  nextVisibleAt(queueArn: string): number | undefined;
  urlOf(queueArn: string): string;
  /** Lets waiting receivers go, empty-handed. */
  stop(): void;
}

export type SqsOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Resources of type `AWS::SQS::Queue`. */
  readonly queues: readonly ResolvedResource[];
  /** Origin for queue URLs. */
  readonly endpoint: () => string;
};

type Queue = QueueSettings & {
  readonly name: string;
  readonly maximumBytes: number;
  readonly waitSeconds: number;
};

const queueProperties = z.object({
  VisibilityTimeout: z.number().default(30),
  DelaySeconds: z.number().default(0),
  MessageRetentionPeriod: z.number().default(345_600),
  MaximumMessageSize: z.number().default(1_048_576),
  ReceiveMessageWaitTimeSeconds: z.number().default(0),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
});

const attributeSchema = z.object({
  DataType: z.string().regex(/^(String|Number|Binary)/),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
const messageFields = {
  MessageBody: z.string().min(1, 'must not be empty'),
  DelaySeconds: z.int().min(0).max(900).optional(),
  MessageAttributes: z.record(z.string(), attributeSchema).default({}),
};
const visibilityField = { VisibilityTimeout: z.int().min(0).max(43_200) };
const receiptField = { ReceiptHandle: z.string() };
const sendSchema = z.object(messageFields);
const receiveSchema = z.object({
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: visibilityField.VisibilityTimeout.optional(),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  MessageAttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  AttributeNames: z.array(z.string()).default([]),
});

const longPollMilliseconds = 200;

/** SQS standard queues over the journal: visibility, delay and retention in virtual time, long polls in real time. */
export function createSqs(options: SqsOptions): Sqs {
  const store = createMessageStore(options.journal, options.clock);
  const queues = options.queues.map(readQueue);
  const queueByArn = new Map(queues.map((queue) => [queue.arn, queue]));
  const waiting = new Set<() => void>();
  let hasMoved = false;
  let isStopped = false;

  const urlOf = (queue: Queue) => `${options.endpoint()}/${parseArn(queue.arn).account}/${queue.name}`;

  function queueOf(arn: string): Queue {
    const queue = queueByArn.get(arn);
    if (queue === undefined) throw new Error(`no queue ${arn} in the template`);
    return queue;
  }

  function wake(): void {
    for (const resume of waiting) resume();
  }

  function add(queue: Queue, body: string, attributes: MessageAttributes, delaySeconds?: number): string {
    const id = store.add(queue, body, attributes, delaySeconds);
    wake();
    return id;
  }

  function receive(queue: Queue, limit: number, visibilitySeconds?: number): readonly ReceivedMessage[] {
    const { messages, moved } = store.receive(queue, limit, visibilitySeconds);
    hasMoved ||= moved > 0;
    return messages;
  }

  /** Waits for a send, and now and then looks anyway: virtual time may have moved. */
  async function untilWoken(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, longPollMilliseconds);
    waiting.add(resolve);
    await promise;
    waiting.delete(resolve);
    clearTimeout(timer);
  }

  function send(queue: Queue, input: unknown) {
    const message = parseInput(input, sendSchema, 'InvalidParameterValue');
    if (Buffer.byteLength(message.MessageBody) > queue.maximumBytes) {
      throw new ServiceError('InvalidParameterValue', `the message is longer than ${queue.maximumBytes} bytes`);
    }
    const id = add(queue, message.MessageBody, message.MessageAttributes, message.DelaySeconds);
    const attributesDigest = md5OfAttributes(message.MessageAttributes);
    return {
      MessageId: id,
      MD5OfMessageBody: md5(message.MessageBody),
      ...(attributesDigest === undefined ? {} : { MD5OfMessageAttributes: attributesDigest }),
    };
  }

  async function receiveMessage(queue: Queue, input: unknown, caller: string) {
    const request = parseInput(input, receiveSchema, 'InvalidParameterValue');
    const deadline = performance.now() + (request.WaitTimeSeconds ?? queue.waitSeconds) * 1000;
    for (;;) {
      const messages = isStopped ? [] : receive(queue, request.MaxNumberOfMessages, request.VisibilityTimeout);
      if (messages.length > 0 || isStopped || performance.now() >= deadline) {
        return messages.length === 0 ? {} : { Messages: messages.map((message) => describe(message, request, caller)) };
      }
      await untilWoken();
    }
  }

  function remove(queue: Queue, input: unknown): object {
    const { ReceiptHandle } = parseInput(input, z.object(receiptField), 'MissingParameter');
    store.remove(queue, ReceiptHandle);
    return {};
  }

  function changeVisibility(queue: Queue, input: unknown): object {
    const schema = z.object({ ...receiptField, ...visibilityField });
    const { ReceiptHandle, VisibilityTimeout } = parseInput(input, schema, 'InvalidParameterValue');
    if (!store.changeVisibility(queue, ReceiptHandle, VisibilityTimeout)) {
      throw new ServiceError('MessageNotInflight', 'the message is not in flight under this receipt handle');
    }
    wake();
    return {};
  }

  function attributesOf(queue: Queue): Readonly<Record<string, string>> {
    const depth = store.depth(queue);
    return {
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: String(depth.visible),
      ApproximateNumberOfMessagesNotVisible: String(depth.inFlight),
      ApproximateNumberOfMessagesDelayed: String(depth.delayed),
      VisibilityTimeout: String(queue.visibilitySeconds),
      DelaySeconds: String(queue.delaySeconds),
      MessageRetentionPeriod: String(queue.retentionSeconds),
      MaximumMessageSize: String(queue.maximumBytes),
      ReceiveMessageWaitTimeSeconds: String(queue.waitSeconds),
      ...(queue.redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(queue.redrive) }),
    };
  }

  const operations: Readonly<Record<string, (queue: Queue, input: unknown, caller: string) => unknown>> = {
    SendMessage: send,
    SendMessageBatch: (queue, input) => batch(input, (entry) => send(queue, entry)),
    ReceiveMessage: receiveMessage,
    DeleteMessage: remove,
    DeleteMessageBatch: (queue, input) => batch(input, (entry) => remove(queue, entry)),
    ChangeMessageVisibility: changeVisibility,
    ChangeMessageVisibilityBatch: (queue, input) => batch(input, (entry) => changeVisibility(queue, entry)),
    GetQueueAttributes(queue, input) {
      const schema = z.object({ AttributeNames: z.array(z.string()).default([]) });
      const { AttributeNames } = parseInput(input, schema, 'InvalidAttributeName');
      return { Attributes: pick(attributesOf(queue), AttributeNames) };
    },
    PurgeQueue(queue) {
      store.purge(queue);
      return {};
    },
  };

  function queueOfRequest(field: 'QueueUrl' | 'QueueName', input: Readonly<Record<string, unknown>>): Queue {
    const name = String(input[field] ?? '')
      .split('/')
      .at(-1);
    const queue = queues.find((candidate) => candidate.name === name);
    if (queue === undefined) throw new ServiceError('QueueDoesNotExist', `no queue ${name}`);
    return queue;
  }

  return {
    name: 'sqs',
    targetPrefix: 'AmazonSQS',
    async handle(operation, input, caller) {
      if (operation === 'GetQueueUrl') return { QueueUrl: urlOf(queueOfRequest('QueueName', input)) };
      if (operation === 'ListQueues') return { QueueUrls: queues.map(urlOf) };
      const perform = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (perform === undefined) throw new ServiceError('UnsupportedOperation', `SQS ${operation} is not emulated`);
      return perform(queueOfRequest('QueueUrl', input), input, caller);
    },
    send(queueArn, body, attributes = {}) {
      const typed = Object.entries(attributes).map(([name, value]): [string, MessageAttribute] => {
        return [name, { DataType: 'String', StringValue: value }];
      });
      add(queueOf(queueArn), body, Object.fromEntries(typed));
    },
    receiveForMapping: (queueArn, limit) => receive(queueOf(queueArn), limit),
    complete: (queueArn, receiptHandle) => store.remove(queueOf(queueArn), receiptHandle),
    gauges: store.gauges,
    depth: (queueArn) => store.depth(queueOf(queueArn)),
    nextVisibleAt: (queueArn) => store.nextVisibleAt(queueOf(queueArn)),
    urlOf: (queueArn) => urlOf(queueOf(queueArn)),
    async pump() {
      const didMove = hasMoved;
      hasMoved = false;
      return didMove;
    },
    nextWakeAt() {
      const moments = queues.map((queue) => store.nextVisibleAt(queue)).filter((moment) => moment !== undefined);
      return moments.length === 0 ? undefined : Math.min(...moments);
    },
    stop() {
      isStopped = true;
      wake();
    },
  };
}

function readQueue(resource: ResolvedResource): Queue {
  const properties = parseProperties(resource, queueProperties);
  return {
    arn: resource.arn,
    name: resource.physicalName,
    visibilitySeconds: properties.VisibilityTimeout,
    delaySeconds: properties.DelaySeconds,
    retentionSeconds: properties.MessageRetentionPeriod,
    maximumBytes: properties.MaximumMessageSize,
    waitSeconds: properties.ReceiveMessageWaitTimeSeconds,
    redrive: properties.RedrivePolicy,
  };
}

/** Performs each entry on its own; one that fails is reported and stops no other. */
function batch(input: unknown, perform: (entry: unknown) => object) {
  const schema = z.object({ Entries: z.array(z.looseObject({ Id: z.string() })) });
  const { Entries } = parseInput(input, schema, 'InvalidParameterValue');
  if (Entries.length === 0) throw new ServiceError('EmptyBatchRequest', 'the batch has no entry');
  if (Entries.length > 10)
    throw new ServiceError('TooManyEntriesInBatchRequest', `${Entries.length} entries, at most 10`);
  if (new Set(Entries.map((entry) => entry.Id)).size < Entries.length) {
    throw new ServiceError('BatchEntryIdsNotDistinct', 'two entries have the same id');
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of Entries) {
    try {
      Successful.push({ Id: entry.Id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function describe(message: ReceivedMessage, request: z.infer<typeof receiveSchema>, caller: string) {
  const attributes = pick(message.attributes, request.MessageAttributeNames);
  const digest = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: pick(systemAttributes(message, caller), [
      ...request.AttributeNames,
      ...request.MessageSystemAttributeNames,
    ]),
    ...(digest === undefined ? {} : { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
  };
}

/** SQS's own attributes of a received message; timestamps are virtual milliseconds. */
export function systemAttributes(message: ReceivedMessage, sender: string): Readonly<Record<string, string>> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: sender,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: message.sourceArn }),
  };
}

/** The entries asked for by name, by `prefix.*`, or by `All`. */
function pick<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  const isWanted = (key: string) =>
    names.some((name) => name === 'All' || name === key || (name.endsWith('*') && key.startsWith(name.slice(0, -2))));
  return Object.fromEntries(Object.entries(all).filter(([key]) => isWanted(key)));
}
