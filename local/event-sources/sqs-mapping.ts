import { type MessageAttributes, md5 } from '../services/message-digest.ts';
import type { ReceivedMessage } from '../services/message-store.ts';
import { type Sqs, systemAttributes } from '../services/sqs.ts';
import type { Clock, Functions, ResolvedResource, WorkSource } from '../types.ts';
import { failedItems, readMapping } from './mapping-settings.ts';

export type SqsMappingOptions = {
  readonly mapping: ResolvedResource;
  readonly functions: Functions;
  readonly clock: Clock;
  readonly sqs: Sqs;
  /** Invocations of the function that can be under way at once. @default 1 */
  readonly concurrency?: number;
  readonly log?: (message: string) => void;
};

/** Lambda's own number, from which it adds more. Source: Lambda developer guide, scaling of SQS event source mappings. */
const firstPollers = 5;

/**
 * Lambda's pollers for a standard queue, each with a batch of its own in hand: deletes what succeeded; what failed becomes
 * visible again after the queue's visibility timeout, until the redrive policy moves it to the dead-letter queue.
 */
export function createSqsMapping(options: SqsMappingOptions): readonly WorkSource[] {
  const { clock, sqs, functions, concurrency = 1, log = () => undefined } = options;
  const settings = readMapping(options.mapping, 10);
  const queueArn = settings.sourceArn;
  let batchesInHand = 0;

  /** When the open window ends; undefined when a batch may be taken now. */
  function windowEndsAt(): number | undefined {
    if (settings.windowMilliseconds === 0) return undefined;
    const { visible, oldestVisibleAt } = sqs.depth(queueArn);
    if (oldestVisibleAt === undefined || visible >= settings.batchSize) return undefined;
    const end = oldestVisibleAt + settings.windowMilliseconds;
    return end > clock.now() ? end : undefined;
  }

  async function step(): Promise<boolean> {
    if (windowEndsAt() !== undefined) return false;
    const received = sqs.receiveForMapping(queueArn, settings.batchSize);
    if (received.length === 0) return false;
    const subjects = received.map((message) => ({ message, event: toEvent(message) }));
    const unwanted = subjects.filter(({ event }) => settings.filter?.(withParsedBody(event)) === false);
    for (const { message } of unwanted) sqs.complete(queueArn, message.receiptHandle);
    const batch = subjects.filter((subject) => !unwanted.includes(subject));
    if (batch.length === 0) return true;
    batchesInHand += 1;
    try {
      const failed = await invoke(batch.map(({ event }) => event));
      for (const { message } of batch) {
        if (!failed.has(message.id)) sqs.complete(queueArn, message.receiptHandle);
      }
    } finally {
      batchesInHand -= 1;
    }
    return true;
  }

  async function invoke(records: readonly SqsRecord[]): Promise<ReadonlySet<string>> {
    const identifiers = records.map((record) => record.messageId);
    const result = await functions.invoke(settings.functionName, { Records: records });
    if (result.ok) return settings.reportsItemFailures ? failedItems(result.payload, identifiers) : new Set();
    log(`${settings.functionName} failed on ${records.length} messages: ${result.errorType} ${result.errorMessage}`);
    return new Set(identifiers);
  }

  function toEvent(message: ReceivedMessage) {
    return {
      messageId: message.id,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: systemAttributes(message, settings.functionName),
      messageAttributes: toEventAttributes(message.attributes),
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: settings.region,
    };
  }
  type SqsRecord = ReturnType<typeof toEvent>;

  function nextWakeAt(): number | undefined {
    const moments = [windowEndsAt(), sqs.nextVisibleAt(queueArn)].filter((moment) => moment !== undefined);
    return moments.length === 0 || !settings.isEnabled ? undefined : Math.min(...moments);
  }

  /** Looks at the queue only while those before it have their hands full. */
  const poller = (before: number): WorkSource => ({
    name: before === 0 ? settings.id : `${settings.id}, poller ${before + 1}`,
    pump: async () => settings.isEnabled && batchesInHand >= before && (await step()),
    // One is enough to say when time must stop for the queue; the others are asked then as well.
    nextWakeAt: before === 0 ? nextWakeAt : () => undefined,
  });
  const pollers = Math.max(1, Math.min(settings.maximumConcurrency, concurrency, firstPollers));
  return Array.from({ length: pollers }, (_, before) => poller(before));
}

function toEventAttributes(attributes: MessageAttributes) {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
    const value = { stringValue: StringValue, binaryValue: BinaryValue, stringListValues: [], binaryListValues: [] };
    return [name, { ...value, dataType: DataType }];
  });
  return Object.fromEntries(entries);
}

function withParsedBody(event: { readonly body: string }): unknown {
  try {
    return { ...event, body: JSON.parse(event.body) };
  } catch {
    return event;
  }
}
