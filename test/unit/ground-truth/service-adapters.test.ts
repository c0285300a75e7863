import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createKinesisEventStream } from '../../../shared/adapters/kinesis/kinesis-event-stream.ts';
import { createS3FailureStore } from '../../../shared/adapters/s3/failure-store.ts';

type PutInput = {
  readonly StreamName: string;
  readonly Records: readonly { PartitionKey: string; Data: Uint8Array }[];
};

/** A stream that refuses, per call, the records of the keys listed. */
function kinesisRefusing(...refusals: readonly (readonly string[])[]) {
  const calls: PutInput[] = [];
  const client = {
    send: async ({ input }: { readonly input: PutInput }) => {
      const refused = refusals[calls.push(input) - 1] ?? [];
      const answer = (key: string) =>
        refused.includes(key) ? { ErrorCode: 'ProvisionedThroughputExceededException' } : { SequenceNumber: '1' };
      return { Records: input.Records.map(({ PartitionKey }) => answer(PartitionKey)) };
    },
  };
  const pauses: number[] = [];
  const stream = createKinesisEventStream({
    // Only `send` is ever called.
    client: client as unknown as KinesisClient,
    streamName: 'events',
    pause: async (attempt) => pauses.push(attempt),
  });
  return {
    stream,
    calls,
    pauses,
    keys: () => calls.map(({ Records }) => Records.map(({ PartitionKey }) => PartitionKey)),
  };
}

const record = (partitionKey: string, bytes = 10) => ({ partitionKey, data: new Uint8Array(bytes) });

describe('the stream on Kinesis', () => {
  it('puts refused records again, and only those', async () => {
    const { stream, keys, pauses } = kinesisRefusing(['b', 'c'], ['c']);
    await stream.put(['a', 'b', 'c'].map((key) => record(key)));
    expect(keys()).toEqual([['a', 'b', 'c'], ['b', 'c'], ['c']]);
    expect(pauses).toEqual([1, 2]);
  });

  it('gives up after six attempts', async () => {
    const { stream, calls } = kinesisRefusing(...Array.from({ length: 9 }, () => ['a']));
    await expect(stream.put([record('a')])).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    expect(calls).toHaveLength(6);
  });

  it('keeps each call below 500 records and 5 MiB', async () => {
    const { stream, calls } = kinesisRefusing();
    await stream.put(Array.from({ length: 1_100 }, (_, i) => record(`k${i}`)));
    expect(calls.map(({ Records }) => Records.length)).toEqual([500, 500, 100]);
    calls.length = 0;
    await stream.put(Array.from({ length: 60 }, (_, i) => record(`k${i}`, 100_000)));
    expect(calls.map(({ Records }) => Records.length)).toEqual([44, 16]);
  });

  it('asks for nothing when there is nothing to put', async () => {
    const { stream, calls } = kinesisRefusing();
    await stream.put([]);
    expect(calls).toEqual([]);
  });
});

describe('the failure bucket', () => {
  const failure = {
    source: 'ground-truth-join-events',
    id: '495903',
    failedAt: '2001-01-22T09:00:00.000Z',
    cause: { code: 'wrong-signature', reason: 'the signature is not that of writer flights/gate' },
    partitionKey: 'late-live:0',
    data: Buffer.from('bytes'),
  };

  it('gets one object per failure under its day', async () => {
    const inputs: { Key: string; Body: string }[] = [];
    const client = { send: async ({ input }: { readonly input: { Key: string; Body: string } }) => inputs.push(input) };
    await createS3FailureStore({ client: client as unknown as S3Client, bucketName: 'failures' }).put(failure);
    expect(inputs).toMatchObject([
      {
        Bucket: 'failures',
        Key: 'poison/ground-truth-join-events/2001-01-22/495903.json',
        ContentType: 'application/json',
      },
    ]);
    expect(JSON.parse(inputs[0]!.Body)).toEqual({ ...failure, data: 'Ynl0ZXM=' });
  });

  it('lets the record come again when it cannot be kept', async () => {
    const busy = Object.assign(new Error('busy'), { name: 'SlowDown' });
    const client = { send: () => Promise.reject(busy) } as unknown as S3Client;
    await expect(createS3FailureStore({ client, bucketName: 'failures' }).put(failure)).rejects.toMatchObject({
      name: 'DependencyUnavailable',
    });
  });
});
