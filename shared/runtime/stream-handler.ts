import type {
  Context,
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { isRunwayError, type RunwayError } from '../domain/errors.ts';
import { type Instant, toInstant } from '../domain/time.ts';
import { withCorrelation } from '../observability/correlation.ts';
import { logger } from './logger.ts';
import { underCorrelation } from './under-correlation.ts';

/** One record as its source delivers it. */
export type Arrival<D> = {
  /** Sequence number, or message id: what `batchItemFailures` names. */
  readonly id: string;
  /** When the source took the record in: the handler's now. */
  readonly now: Instant;
  readonly data: D;
};

export type KinesisArrival = Arrival<Uint8Array> & { readonly shardId: string; readonly partitionKey: string };
/** `data` is the record's new image in DynamoDB's own JSON; undefined on removal. */
export type DynamoDbArrival = Arrival<unknown> & { readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE' };
/** `data` is the message's body. */
export type SqsArrival = Arrival<string>;

type Sources = {
  kinesis: { event: KinesisStreamEvent; arrival: KinesisArrival };
  dynamodb: { event: DynamoDBStreamEvent; arrival: DynamoDbArrival };
  sqs: { event: SQSEvent; arrival: SqsArrival };
};
type Source = keyof Sources;
type BatchResponse = KinesisStreamBatchResponse | DynamoDBBatchResponse | SQSBatchResponse;
type Failures = { batchItemFailures: { itemIdentifier: string }[] };

/** A record that could be decoded, with where it came from. */
export type Decoded<S extends Source, T> = {
  readonly item: T;
  readonly arrival: Sources[S]['arrival'];
  readonly correlationId: string;
};

export type StreamOptions<S extends Source, T> = {
  readonly source: S;
  /** Undefined: nothing to do for this record. Throwing a `RunwayError` makes the record poison. */
  readonly decode: (arrival: Sources[S]['arrival']) => T | undefined | Promise<T | undefined>;
  /** Ids of the records to deliver again; throwing fails the whole batch. Wrap with `oneByOne` to handle each alone. */
  readonly handle: (records: readonly Decoded<S, T>[]) => Promise<readonly string[]>;
  /** Puts a poison record aside so that it blocks nobody. @default it is delivered again until the mapping gives up */
  readonly poison?: (arrival: Sources[S]['arrival'], cause: RunwayError) => Promise<void>;
  /** What caused the record, when it says so. @default `<source>:<id of the record>` */
  readonly correlationOf?: (arrival: Sources[S]['arrival']) => string | undefined;
};

/**
 * Handles a batch and reports partial failure. Streams are in order: Lambda retries from the first reported sequence
 * number on, so everything after it comes again. Queues are not: only the named messages come again. A batch is
 * correlated under its first record's cause, what `oneByOne` handles under each record's own.
 */
export function streamHandler<S extends Source, T>(
  options: StreamOptions<S, T>,
): (event: Sources[S]['event'], context?: Context) => Promise<Failures> {
  const ofArrival = (arrival: Sources[S]['arrival'] | undefined) =>
    (arrival && options.correlationOf?.(arrival)) ?? `${options.source}:${arrival?.id}`;
  const ofBatch = (event: Sources[S]['event']) => ofArrival(arrivalsOf(options.source, event)[0]);
  return underCorrelation(ofBatch, async (event) => {
    const decoded: Decoded<S, T>[] = [];
    const failed: string[] = [];
    for (const arrival of arrivalsOf(options.source, event)) {
      const correlationId = ofArrival(arrival);
      const outcome = await withCorrelation(correlationId, () => decodeOne(options, arrival));
      if (outcome === 'failed') failed.push(arrival.id);
      else if (outcome !== 'done') decoded.push({ ...outcome, correlationId });
    }
    if (decoded.length > 0) failed.push(...(await options.handle(decoded)));
    return {
      batchItemFailures: [...new Set(failed)].map((itemIdentifier) => ({ itemIdentifier })),
    } satisfies BatchResponse;
  });
}

/**
 * Handles each record alone. On a queue a failure concerns its message only; on a stream (`inOrder`) the first failure
 * ends the batch, because what follows it is delivered again anyway.
 */
export function oneByOne<S extends Source, T>(
  order: 'inOrder' | 'anyOrder',
  handle: (item: T, arrival: Sources[S]['arrival']) => Promise<void>,
): StreamOptions<S, T>['handle'] {
  return async (records) => {
    const failed: string[] = [];
    for (const { item, arrival, correlationId } of records) {
      try {
        await withCorrelation(correlationId, () => handle(item, arrival));
      } catch (error) {
        withCorrelation(correlationId, () => logFailure('a record failed', arrival.id, error));
        failed.push(arrival.id);
        if (order === 'inOrder') return failed;
      }
    }
    return failed;
  };
}

async function decodeOne<S extends Source, T>(
  options: StreamOptions<S, T>,
  arrival: Sources[S]['arrival'],
): Promise<Pick<Decoded<S, T>, 'item' | 'arrival'> | 'done' | 'failed'> {
  try {
    const item = await options.decode(arrival);
    return item === undefined ? 'done' : { item, arrival };
  } catch (error) {
    logFailure('a record cannot be decoded', arrival.id, error);
    if (options.poison === undefined || !isRunwayError(error) || error.name === 'DependencyUnavailable')
      return 'failed';
    await options.poison(arrival, error);
    return 'done';
  }
}

function logFailure(message: string, recordId: string, error: unknown): void {
  logger.warn(message, { recordId, error: error instanceof Error ? error : String(error) });
}

const readers: { readonly [S in Source]: (event: Sources[S]['event']) => readonly Sources[S]['arrival'][] } = {
  kinesis: (event) =>
    event.Records.map(({ eventID, kinesis }) => ({
      id: kinesis.sequenceNumber,
      now: secondsToInstant(kinesis.approximateArrivalTimestamp),
      data: Buffer.from(kinesis.data, 'base64'),
      shardId: eventID.split(':')[0] ?? '',
      partitionKey: kinesis.partitionKey,
    })),
  dynamodb: (event) =>
    event.Records.map(({ dynamodb, eventName }) => ({
      id: dynamodb?.SequenceNumber ?? '',
      now: secondsToInstant(dynamodb?.ApproximateCreationDateTime ?? 0),
      data: dynamodb?.NewImage,
      eventName: eventName ?? 'MODIFY',
    })),
  sqs: (event) =>
    event.Records.map((record) => ({
      id: record.messageId,
      now: toInstant(Number(record.attributes.SentTimestamp)),
      data: record.body,
    })),
};

function arrivalsOf<S extends Source>(source: S, event: Sources[S]['event']): readonly Sources[S]['arrival'][] {
  return readers[source](event);
}

function secondsToInstant(seconds: number): Instant {
  return toInstant(Math.round(seconds * 1_000));
}
