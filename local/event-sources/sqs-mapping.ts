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
  readonly log?: (message: string) => void;
};

/**
 * Lambda's poller for a standard queue: deletes what succeeded; what failed becomes visible again after the queue's
 * visibility timeout, until the redrive policy moves it to the dead-letter queue.
 */
export function createSqsMapping(options: SqsMappingOptions): WorkSource {
  const { clock, sqs, functions, log = () => undefined } = options;
  const settings = readMapping(options.mapping, 10);
  const queueArn = settings.sourceArn;

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
    const failed = await invoke(batch.map(({ event }) => event));
    for (const { message } of batch) {
      if (!failed.has(message.id)) sqs.complete(queueArn, message.receiptHandle);
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

  return {
    name: settings.id,
    async pump() {
      return settings.isEnabled && (await step());
    },
    nextWakeAt() {
      const moments = [windowEndsAt(), sqs.nextVisibleAt(queueArn)].filter((moment) => moment !== undefined);
      return moments.length === 0 || !settings.isEnabled ? undefined : Math.min(...moments);
    },
  };
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
