import { bucketOf, type WireEvent } from '../../shared/domain/ground-truth/wire-format.ts';
import { BucketBuffer, recordOverhead, type Signing } from './bucket-buffer.ts';
import { estimatedBytes, isTooLarge } from './event-size.ts';
import { createModelSampler, type ProducedModel } from './model-sampler.ts';
import { Outbox, type Send } from './outbox.ts';
import type { BusinessMetricRecord, Handover, OutcomeRecord, PredictionRecord } from './records.ts';
import { systemTimer, type Timer } from './timer.ts';

export type ProducerOptions = Signing & {
  readonly send: Send;
  /** Size of a record that is sent before its time. @default 25,000, Kinesis's unit; at most 100,000 */
  readonly targetBytes?: number;
  /** Longest that an event waits for others. @default 200 */
  readonly maximumDelayMillis?: number;
  /** Events and records that wait, by estimate. When that is reached, further ones are not taken. @default 16 MB */
  readonly maximumBufferedBytes?: number;
  /** By which hours are sampled; milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** @default setTimeout */
  readonly timer?: Timer;
  /** 0 to 1, for the jitter of pauses. @default Math.random */
  readonly random?: () => number;
};

export type ProducerCounts = { readonly [K in Handover]: number } & {
  /** Events that are no JSON; they were accepted and could not be sent. */
  readonly unpackable: number;
  readonly deliveredRecords: number;
  readonly retriedRecords: number;
  readonly bufferedBytes: number;
};

export type ModelProducer = {
  readonly prediction: (record: PredictionRecord) => Handover;
  readonly outcome: (record: OutcomeRecord) => Handover;
  /** Units are not sampled. */
  readonly businessMetric: (record: BusinessMetricRecord) => Handover;
};

export interface Producer {
  forModel(model: ProducedModel): ModelProducer;
  /** Packs what waits and resolves when the stream has taken all of it. */
  flush(): Promise<void>;
  /** Takes nothing more, flushes, and gives up after that time; resolves to whether everything was delivered. */
  close(timeoutMillis?: number): Promise<'delivered' | 'timed-out'>;
  counts(): ProducerCounts;
}

/**
 * Packs predictions and outcomes by bucket into signed records and sends them. Handing over never waits, packs or
 * throws; it only appends to memory. What was accepted is never dropped while the process lives: when the stream is
 * away, memory fills up to its bound and further events are answered `full`, so that a serving system counts them and
 * goes on, and a batch job awaits `flush` and offers them again.
 */
export function createProducer(options: ProducerOptions): Producer {
  const { targetBytes = 25_000, maximumDelayMillis = 200, maximumBufferedBytes = 16_000_000 } = options;
  const { timer = systemTimer, now = Date.now, random = Math.random, send, writer, key, keyId = 1 } = options;
  const outbox = new Outbox({ send, timer, random });
  const buffers = new Map<string, BucketBuffer>();
  const counts = { accepted: 0, 'not-in-sample': 0, full: 0, 'too-large': 0, closed: 0, unpackable: 0 };
  let waitingBytes = 0;
  let isClosed = false;

  const pack = (buffer: BucketBuffer) => {
    buffer.cancel?.();
    waitingBytes -= buffer.size;
    const { records, unpackable } = buffer.pack();
    counts.unpackable += unpackable;
    if (records.length > 0) outbox.add(records);
  };

  const planPacking = (buffer: BucketBuffer) => {
    if (buffer.isReady && !buffer.isUrgent) {
      buffer.cancel?.();
      buffer.isUrgent = true;
      // Not now: whoever hands an event over is serving somebody.
      buffer.cancel = timer(() => pack(buffer), 0);
    } else buffer.cancel ??= timer(() => pack(buffer), maximumDelayMillis);
  };

  const bufferOf = ({ modelId, buckets }: ProducedModel, predictionId: string) => {
    const bucket = bucketOf(predictionId, buckets);
    const place = `${modelId}:${bucket}`;
    const held = buffers.get(place);
    if (held !== undefined) return held;
    const buffer = new BucketBuffer({ writer, key, keyId, modelId, bucket, targetBytes });
    buffers.set(place, buffer);
    return buffer;
  };

  const take = (model: ProducedModel, id: string, event: WireEvent): Handover => {
    if (isClosed) return 'closed';
    const size = estimatedBytes(event.record);
    if (isTooLarge(event.record, size)) return 'too-large';
    if (waitingBytes + outbox.bytes + size + recordOverhead > maximumBufferedBytes) return 'full';
    const buffer = bufferOf(model, id);
    waitingBytes += buffer.add(event, size);
    planPacking(buffer);
    return 'accepted';
  };

  const counted = (handover: Handover): Handover => {
    counts[handover] += 1;
    return handover;
  };

  const flush = async () => {
    for (const buffer of buffers.values()) if (buffer.size > 0) pack(buffer);
    await outbox.emptied();
  };

  return {
    forModel: (model) => {
      const sampler = createModelSampler(model);
      return {
        prediction: (record) => {
          const ratio = sampler.ofPrediction(record, now());
          if (ratio === 'not-in-sample') return counted(ratio);
          const sampled = ratio === undefined ? record : { ...record, samplingRatio: ratio };
          return counted(take(model, record.predictionId, { kind: 'prediction', record: sampled }));
        },
        outcome: (record) =>
          counted(
            sampler.isWanted(record.predictionId)
              ? take(model, record.predictionId, { kind: 'outcome', record })
              : 'not-in-sample',
          ),
        businessMetric: (record) => counted(take(model, record.unitId, { kind: 'business-metric', record })),
      };
    },
    flush,
    close: async (timeoutMillis = 10_000) => {
      isClosed = true;
      let giveUp = () => {};
      const tooLate = new Promise<'timed-out'>((resolve) => {
        giveUp = timer(() => resolve('timed-out'), timeoutMillis);
      });
      const result = await Promise.race([flush().then(() => 'delivered' as const), tooLate]);
      giveUp();
      return result;
    },
    counts: () => ({
      ...counts,
      deliveredRecords: outbox.delivered,
      retriedRecords: outbox.retries,
      bufferedBytes: waitingBytes + outbox.bytes,
    }),
  };
}
