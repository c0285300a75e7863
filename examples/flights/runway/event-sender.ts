import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { packColumns } from '../../../shared/domain/ground-truth/pack-columns.ts';
import { partitionKeyOf, type WireEvent } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writer } from '../settings.ts';

export type ModelEvents = {
  readonly model: string;
  readonly predictions: readonly object[];
  readonly outcomes: readonly object[];
};

/** Both models were registered with one bucket. */
const bucket = 0;
const recordsPerCall = 100;

/** Packs, signs and puts events on Runway's stream; what the stream refuses for the moment is put again. */
export function createEventSender(options: { readonly stream: string; readonly writerKey: string }) {
  const client = new KinesisClient({ requestHandler: new NodeHttpHandler() });
  return async (events: readonly ModelEvents[]): Promise<void> => {
    let left = events.flatMap((ofModel) => entriesOf(ofModel, options.writerKey));
    while (left.length > 0) {
      const now = left.slice(0, recordsPerCall);
      const { Records = [] } = await client.send(new PutRecordsCommand({ StreamName: options.stream, Records: now }));
      const refused = now.filter((_, i) => Records[i]?.ErrorCode !== undefined);
      left = [...refused, ...left.slice(recordsPerCall)];
      if (refused.length > 0) await sleep(100);
    }
  };
}

function entriesOf({ model, predictions, outcomes }: ModelEvents, key: string): PutRecordsRequestEntry[] {
  const events: WireEvent[] = [
    ...predictions.map((record) => ({ kind: 'prediction', record }) as const),
    ...outcomes.map((record) => ({ kind: 'outcome', record }) as const),
  ];
  const records = packColumns(events, { writer, key, modelId: model, bucket });
  return records.map((Data) => ({ Data, PartitionKey: partitionKeyOf(model, bucket) }));
}
