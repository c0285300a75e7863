import { describe, expect, it } from 'vitest';
import { createKinesisSender } from '../../../sdk/producer/kinesis-sender.ts';
import type { ProducedModel } from '../../../sdk/producer/model-sampler.ts';
import type { Send, StreamRecord } from '../../../sdk/producer/outbox.ts';
import { createProducer, type ProducerOptions } from '../../../sdk/producer/producer.ts';
import type { PredictionRecord } from '../../../sdk/producer/records.ts';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { bucketedId } from '../../../shared/domain/ground-truth/records.ts';
import { isInSample } from '../../../shared/domain/ground-truth/sampling.ts';
import { bucketOf } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import { openRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { at, morning, servedModel } from '../ground-truth/fixtures/models.ts';
import { trustedWriters } from '../ground-truth/fixtures/trusted-writers.ts';

const key = writerKey('root secret', 'flights/gate');
const served = servedModel({ buckets: 4 });
const opening = {
  directory: createMemoryModelDirectory([served]),
  rootSecret: { read: async () => 'root secret' },
  ...trustedWriters,
};
const model: ProducedModel = { modelId: 'late-live', buckets: 4 };

/** A clock that stands still until it is told. */
function manualTimer() {
  let now = 0;
  let plans: { readonly due: number; readonly work: () => void }[] = [];
  const settle = async () => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  };
  return {
    timer: (work: () => void, millis: number) => {
      const plan = { due: now + millis, work };
      plans.push(plan);
      return () => {
        plans = plans.filter((other) => other !== plan);
      };
    },
    pass: async (millis: number) => {
      const end = now + millis;
      await settle();
      for (;;) {
        const [next] = plans.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (next === undefined) break;
        plans = plans.filter((plan) => plan !== next);
        now = next.due;
        next.work();
        await settle();
      }
      now = end;
    },
  };
}

function world(send: Send, change: Partial<ProducerOptions> = {}) {
  const clock = manualTimer();
  const options = { writer: 'flights/gate', key, send, timer: clock.timer, random: () => 1, now: () => 0, ...change };
  return { producer: createProducer(options), pass: clock.pass };
}

/** A stream that takes everything. */
function stream() {
  const calls: (readonly StreamRecord[])[] = [];
  const send: Send = async (records) => {
    calls.push(records);
    return [];
  };
  return { send, calls };
}

function prediction(predictionId: string, change: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    predictionId,
    modelVersion: 1,
    predictedAt: morning,
    score: 0.25,
    features: { distance: 733, origin: 'JFK', lateRate: 0.25 },
    ...change,
  };
}

async function eventsIn(records: readonly StreamRecord[]) {
  const opened = await Promise.all(
    records.map(({ partitionKey, data }, i) =>
      openRecord(opening, { id: String(i), shardId: 's', partitionKey, now: at(180), data }),
    ),
  );
  expect(opened.flatMap(({ rejected }) => rejected)).toEqual([]);
  return opened.flatMap(({ events }) => events.map(({ event }) => event));
}

describe('a producer', () => {
  it('packs predictions and outcomes by bucket after 200 ms, so that Runway takes them', async () => {
    const { send, calls } = stream();
    const { producer, pass } = world(send);
    const late = producer.forModel(model);
    const ids = Array.from({ length: 40 }, (_, i) => `N${i}`);
    for (const id of ids) expect(late.prediction(prediction(id))).toBe('accepted');
    for (const id of ids) late.outcome({ predictionId: id, predictedAt: morning, observedAt: at(60), label: 1 });
    await pass(199);
    expect(calls).toEqual([]);
    await pass(1);
    const records = calls.flat();
    expect(records.map(({ partitionKey }) => partitionKey).sort()).toEqual([0, 1, 2, 3].map((i) => `late-live:${i}`));
    const events = await eventsIn(records);
    expect(new Set(events.map(bucketedId))).toEqual(new Set(ids));
    expect(events).toHaveLength(80);
    expect(producer.counts()).toMatchObject({ accepted: 80, deliveredRecords: 4, bufferedBytes: 0 });
  });

  it('sends a full record before its time, but not within the call', async () => {
    const { send, calls } = stream();
    const { producer, pass } = world(send, { targetBytes: 2_000 });
    const one = producer.forModel({ ...model, buckets: 1 });
    for (let i = 0; i < 500; i += 1) one.prediction(prediction(`N${i}`, { score: Math.sin(i) ** 2 }));
    expect(calls).toEqual([]);
    await pass(0);
    const sizes = calls.flat().map(({ data }) => data.length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
  });

  it('puts what a stream refused again, with growing pauses, and nothing else', async () => {
    const { send: take, calls } = stream();
    let attempt = 0;
    const { producer, pass } = world(async (records) => {
      attempt += 1;
      if (attempt === 1) throw new Error('the stream is away');
      if (attempt > 3) return take(records);
      await take(records.slice(1));
      return records.slice(0, 1);
    });
    const late = producer.forModel(model);
    for (let i = 0; i < 40; i += 1) late.prediction(prediction(`N${i}`));
    await pass(200);
    expect(attempt).toBe(1);
    await pass(99);
    expect(attempt).toBe(1);
    await pass(1);
    expect(attempt).toBe(2);
    // Twice as long after the second failure in a row.
    await pass(199);
    expect(attempt).toBe(2);
    await pass(1);
    await pass(400);
    expect(attempt).toBe(4);
    expect(await eventsIn(calls.flat())).toHaveLength(40);
    expect(producer.counts()).toMatchObject({ deliveredRecords: 4, retriedRecords: 3, bufferedBytes: 0 });
  });

  it('refuses events when its memory is full, and takes them again when the stream is back', async () => {
    const { send, calls } = stream();
    let isAway = true;
    const { producer, pass } = world(async (records) => (isAway ? records : send(records)), {
      maximumBufferedBytes: 20_000,
    });
    const late = producer.forModel(model);
    const answers: string[] = [];
    for (let i = 0; i < 2_000; i += 1) {
      answers.push(late.prediction(prediction(`N${i}`)));
      expect(producer.counts().bufferedBytes).toBeLessThanOrEqual(20_000);
      if (i % 100 === 0) await pass(200);
    }
    const accepted = answers.filter((answer) => answer === 'accepted').length;
    expect(answers.at(-1)).toBe('full');
    expect(producer.counts()).toMatchObject({ accepted, full: 2_000 - accepted });
    isAway = false;
    await pass(60_000);
    expect(await eventsIn(calls.flat())).toHaveLength(accepted);
    expect(late.prediction(prediction('N1'))).toBe('accepted');
  });

  it('never waits for a slow stream, and has one call under way at a time', async () => {
    const answers: (() => void)[] = [];
    const { producer, pass } = world(
      (records) => new Promise((resolve) => answers.push(() => resolve(records.slice(9)))),
    );
    const late = producer.forModel(model);
    for (let i = 0; i < 50; i += 1) {
      expect(late.prediction(prediction(`N${i}`))).toBe('accepted');
      await pass(200);
    }
    expect(answers).toHaveLength(1);
    answers[0]!();
    await pass(0);
    expect(answers).toHaveLength(2);
  });

  it('loses only the event that is no JSON, and says that one is too large', async () => {
    const { send, calls } = stream();
    const { producer, pass } = world(send);
    const one = producer.forModel({ ...model, buckets: 1 });
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const broken = { ...prediction('broken'), features: cycle } as unknown as PredictionRecord;
    expect([one.prediction(prediction('N1')), one.prediction(broken)]).toEqual(['accepted', 'accepted']);
    expect(one.prediction(prediction('N2', { rolloutId: 'x'.repeat(100_000) }))).toBe('too-large');
    one.prediction(prediction('N3'));
    await pass(200);
    expect(calls.flat()).toHaveLength(2);
    expect(producer.counts()).toMatchObject({ accepted: 3, 'too-large': 1, unpackable: 1 });
  });

  it('delivers what it has when it is closed, and gives up in time', async () => {
    const { send, calls } = stream();
    const { producer, pass } = world(send);
    producer.forModel(model).prediction(prediction('N1'));
    expect(await producer.close()).toBe('delivered');
    expect(calls).toHaveLength(1);
    expect(producer.forModel(model).prediction(prediction('N2'))).toBe('closed');
    const stuck = world(async (records) => records);
    stuck.producer.forModel(model).prediction(prediction('N1'));
    const closing = stuck.producer.close(1_000);
    await stuck.pass(1_000);
    expect(await closing).toBe('timed-out');
    await pass(0);
  });
});

describe('a sampling producer', () => {
  const sampling = { ratio: 0.25, maximumPerHour: 1_000, exemptSegments: ['honolulu'] };
  const segments = [{ name: 'honolulu', feature: 'origin', values: ['HNL'] }];

  async function sent(count: number, produced: Partial<ProducedModel>, features: object = {}) {
    const { send, calls } = stream();
    const { producer } = world(send);
    const one = producer.forModel({ modelId: 'late-live', buckets: 4, sampling, ...produced });
    const ids = Array.from({ length: count }, (_, i) => `N${i}`);
    for (const id of ids) one.prediction(prediction(id, { features: { ...prediction(id).features, ...features } }));
    for (const id of ids) one.outcome({ predictionId: id, observedAt: at(60), label: 0 });
    await producer.flush();
    const events = await eventsIn(calls.flat());
    return {
      ids,
      events,
      idsOf: (kind: string) => new Set(events.flatMap((event) => (event.kind === kind ? [bucketedId(event)] : []))),
    };
  }

  it('sends the sample, with its ratio, and the outcomes of the sample', async () => {
    const { ids, events, idsOf } = await sent(400, { sampling: { ...sampling, exemptSegments: [] } });
    const expected = new Set(ids.filter((id) => isInSample(id, 0.25)));
    expect(idsOf('prediction')).toEqual(expected);
    expect(idsOf('outcome')).toEqual(expected);
    expect(events.every((event) => event.kind !== 'prediction' || event.record.samplingRatio === 0.25)).toBe(true);
  });

  it('sends every prediction of an exempt segment and all outcomes', async () => {
    const { ids, idsOf } = await sent(100, { segments }, { origin: 'HNL' });
    expect([idsOf('prediction').size, idsOf('outcome').size]).toEqual([ids.length, ids.length]);
  });

  it('halves its ratio when the maximum of the hour is reached, and says so', async () => {
    const { events } = await sent(3_000, { sampling: { ratio: 1, maximumPerHour: 100, exemptSegments: [] } });
    const predictions = events.flatMap((event) => (event.kind === 'prediction' ? [event.record] : []));
    const ratios = predictions.map(({ samplingRatio = 1 }) => samplingRatio);
    expect(Math.min(...ratios)).toBeLessThan(0.1);
    expect(predictions.length).toBeLessThan(100 + 6 * 50);
    const weighted = ratios.reduce((sum, ratio) => sum + 1 / ratio, 0);
    // Fifty rows or so at each ratio: a standard error of about a tenth.
    expect(Math.abs(weighted / 3_000 - 1)).toBeLessThan(0.3);
    expect(predictions.every(({ predictionId, samplingRatio = 1 }) => isInSample(predictionId, samplingRatio))).toBe(
      true,
    );
  });
});

describe('the sender to Kinesis', () => {
  it('names the records that were refused', async () => {
    const puts: unknown[] = [];
    const client = {
      send: async (command: { input: unknown }) => {
        puts.push(command.input);
        return { Records: [{ SequenceNumber: '1' }, { ErrorCode: 'ProvisionedThroughputExceededException' }] };
      },
    };
    const records = [0, 1].map((i) => ({ partitionKey: `late-live:${bucketOf(`N${i}`, 4)}`, data: Buffer.of(i) }));
    const send = createKinesisSender(client as never, 'events');
    expect(await send(records)).toEqual([records[1]]);
    expect(puts).toEqual([
      {
        StreamName: 'events',
        Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
      },
    ]);
  });
});
