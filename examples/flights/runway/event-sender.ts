import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createKinesisSender } from '../../../sdk/producer/kinesis-sender.ts';
import { createProducer, type ModelProducer } from '../../../sdk/producer/producer.ts';
import type { Handover, OutcomeRecord, PredictionRecord } from '../../../sdk/producer/records.ts';
import { writer } from '../settings.ts';

export type ModelEvents = {
  readonly model: string;
  readonly predictions: readonly PredictionRecord[];
  readonly outcomes: readonly OutcomeRecord[];
};

/** Both models were registered with one bucket. */
const buckets = 1;

/** Sends events through the producer library; resolves when Runway's stream has taken all of them. */
export function createEventSender(options: { readonly stream: string; readonly writerKey: string }) {
  const client = new KinesisClient({ requestHandler: new NodeHttpHandler() });
  const send = createKinesisSender(client, options.stream);
  const producer = createProducer({ writer, key: options.writerKey, send });
  const producers = new Map<string, ModelProducer>();
  const producerOf = (modelId: string) => {
    const held = producers.get(modelId) ?? producer.forModel({ modelId, buckets });
    producers.set(modelId, held);
    return held;
  };
  return async (events: readonly ModelEvents[]): Promise<void> => {
    for (const { model, predictions, outcomes } of events) {
      const { prediction, outcome } = producerOf(model);
      for (const record of predictions) await handOver(() => prediction(record));
      for (const record of outcomes) await handOver(() => outcome(record));
    }
    await producer.flush();
  };

  /** A replay has time: what memory has no room for waits until there is some. */
  async function handOver(offer: () => Handover): Promise<void> {
    for (let handover = offer(); handover !== 'accepted'; handover = offer()) {
      if (handover !== 'full') throw new Error(`an event was not taken: ${handover}, expected accepted`);
      await producer.flush();
      await sleep(0);
    }
  }
}
