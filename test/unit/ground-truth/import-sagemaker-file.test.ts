import { describe, expect, it } from 'vitest';
import { createMemoryDroppedFiles } from '../../../shared/adapters/memory/memory-dropped-files.ts';
import { createMemoryEventStream } from '../../../shared/adapters/memory/memory-event-stream.ts';
import { createMemoryFailureStore } from '../../../shared/adapters/memory/memory-failure-store.ts';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { featuresOf } from '../../../shared/domain/ground-truth/feature-columns.ts';
import { bucketedId } from '../../../shared/domain/ground-truth/records.ts';
import { importSageMakerFile } from '../../../shared/use-cases/ground-truth/import-sagemaker-file.ts';
import { openRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { at, servedModel } from './fixtures/models.ts';

const rootSecret = { read: async () => 'root secret' };
const directory = createMemoryModelDirectory([servedModel()]);
const writers = { find: async () => undefined };
const captureKey = 'sagemaker/late-live/2/endpoint/AllTraffic/2001/01/22/06/x.jsonl';
const labelKey = 'sagemaker/late-live/ground-truth/2001/01/22/08/x.jsonl';

function world() {
  const files = createMemoryDroppedFiles();
  const stream = createMemoryEventStream();
  const failures = createMemoryFailureStore();
  const importing = { directory, files, failures, stream, rootSecret };
  return {
    drop: async (key: string, lines: readonly string[], arrivedAt = at(180)) => {
      files.put(key, `${lines.join('\n')}\n`);
      return importSageMakerFile(importing, { key, arrivedAt });
    },
    failed: () => [...failures.documents].map(([key, text]) => ({ key, ...JSON.parse(text) })),
    async onStream() {
      const opened = await Promise.all(
        stream.records.map(({ partitionKey, data }, i) =>
          openRecord(
            { directory, rootSecret, writers },
            { id: String(i), shardId: 's', partitionKey, data, now: at(180) },
          ),
        ),
      );
      return opened.flatMap(({ events }) => events);
    },
  };
}

const csv = (data: string) => ({ observedContentType: 'text/csv', data, encoding: 'CSV' });
const captured = (inferenceId: string, input = '733,JFK,0.25') =>
  JSON.stringify({
    captureData: { endpointInput: csv(input), endpointOutput: csv('0.5') },
    eventMetadata: { eventId: 'e', inferenceId, inferenceTime: at(0) },
  });
const labelled = (eventId: string, data = '1') =>
  JSON.stringify({ groundTruthData: { data, encoding: 'CSV' }, eventMetadata: { eventId } });

describe('a file of captures', () => {
  it('is on the stream as predictions of the version that its place names, signed', async () => {
    const { drop, onStream } = world();
    expect(await drop(captureKey, [captured('a'), '', captured('b')])).toEqual({ accepted: 2, rejected: 0 });
    const events = await onStream();
    expect(events.map(({ writer, event }) => [writer, event.kind, bucketedId(event)])).toEqual([
      ['runway/sagemaker', 'prediction', 'a'],
      ['runway/sagemaker', 'prediction', 'b'],
    ]);
    const [first] = events;
    if (first?.event.kind !== 'prediction') throw new Error('expected a prediction');
    const { features, ...record } = first.event.record;
    expect(record).toMatchObject({ modelVersion: 2, predictedAt: Date.parse(at(0)), score: 0.5 });
    expect(featuresOf(features)).toEqual({ distance: 733, origin: 'JFK', lateRate: 0.25 });
  });

  it('puts aside the lines that are unusable, with why, and takes the others', async () => {
    const { drop, onStream, failed } = world();
    const lines = [captured('a'), '{', captured('b', '733'), captured('c', '733,JFK,x'), captured('d')];
    expect(await drop(captureKey, lines)).toEqual({ accepted: 2, rejected: 3 });
    expect((await onStream()).map(({ event }) => bucketedId(event))).toEqual(['a', 'd']);
    const [document, ...others] = failed();
    expect(others).toEqual([]);
    expect(document).toMatchObject({
      key: `poison/ground-truth-import-sagemaker/2001-01-22/${captureKey}.json`,
      cause: { code: 'invalid-lines' },
      partitionKey: captureKey,
    });
    expect(
      document.lines.map((line: { index: number; problems: { code: string }[] }) => [
        line.index,
        line.problems[0]?.code,
      ]),
    ).toEqual([
      [1, 'malformed-json'],
      [2, 'column-count'],
      [3, 'wrong-type'],
    ]);
    expect(Buffer.from(document.data, 'base64').toString()).toBe(lines.slice(1, 4).join('\n'));
  });

  it('of thousands of lines is put on the stream piece by piece', async () => {
    const { drop, onStream } = world();
    const lines = Array.from({ length: 4_500 }, (_, i) => captured(`p${i}`));
    expect(await drop(captureKey, lines)).toEqual({ accepted: 4_500, rejected: 0 });
    expect(new Set((await onStream()).map(({ event }) => bucketedId(event))).size).toBe(4_500);
  });
});

describe('a file of labels', () => {
  it('is on the stream as outcomes observed by the end of the hour they were collected in', async () => {
    const { drop, onStream, failed } = world();
    expect(await drop(labelKey, [labelled('a'), labelled('b', '0'), labelled('c', '2')])).toEqual({
      accepted: 2,
      rejected: 1,
    });
    expect((await onStream()).map(({ event }) => [event.kind, event.record])).toEqual([
      ['outcome', { predictionId: 'a', observedAt: Date.parse('2001-01-22T08:59:59.999Z'), label: 1 }],
      ['outcome', { predictionId: 'b', observedAt: Date.parse('2001-01-22T08:59:59.999Z'), label: 0 }],
    ]);
    expect(failed()[0].lines[0].problems[0].code).toBe('label-not-binary');
  });
});

describe('a file that nobody can place', () => {
  it.each([
    ['under no known prefix', 'sagemaker/somewhere.jsonl', 'unknown-place'],
    ['of an unknown model', 'sagemaker/nobody/1/e/v/2001/01/22/06/x.jsonl', 'unknown-model'],
  ])('%s is put aside', async (_name, key, code) => {
    const { drop, failed } = world();
    expect(await drop(key, [captured('a')])).toEqual({ accepted: 0, rejected: 1 });
    expect(failed()).toMatchObject([{ cause: { code }, partitionKey: key }]);
  });

  it('of an unknown version has its lines put aside', async () => {
    const { drop, failed } = world();
    const key = 'sagemaker/late-live/9/e/v/2001/01/22/06/x.jsonl';
    expect(await drop(key, [captured('a')])).toEqual({ accepted: 0, rejected: 1 });
    expect(failed()).toMatchObject([{ cause: { code: 'invalid-lines' } }]);
  });
});
