import { describe, expect, it } from 'vitest';
import { payloadRows } from '../../../shared/domain/ground-truth/sagemaker-payload.ts';
import { collectedAt, sageMakerPlace } from '../../../shared/domain/ground-truth/sagemaker-place.ts';
import {
  type CapturedBy,
  capturedPredictions,
  labelledOutcomes,
} from '../../../shared/domain/ground-truth/sagemaker-records.ts';
import type { Feature } from '../../../shared/domain/registry/schemas.ts';

const feature = (name: string, type: Feature['type'] = 'numeric'): Feature => ({
  name,
  type,
  required: true,
  importance: 1,
});
const by: CapturedBy = {
  modelId: 'late-live',
  modelVersion: 3,
  features: [feature('distance'), feature('origin', 'categorical')],
  mapping: {},
};
const inferenceTime = '2022-02-14T17:25:49Z';
const csv = (data: string) => ({ observedContentType: 'text/csv', data, encoding: 'CSV' });
const json = (data: unknown) => ({
  observedContentType: 'application/json',
  data: JSON.stringify(data),
  encoding: 'JSON',
});
const captured = (endpointInput: unknown, endpointOutput: unknown, metadata: object = {}) => ({
  captureData: { endpointInput, endpointOutput },
  eventMetadata: { eventId: 'e1', inferenceTime, ...metadata },
  eventVersion: '0',
});
const recordsOf = (line: unknown, change: Partial<CapturedBy> = {}) => {
  const result = capturedPredictions(line, { ...by, ...change });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.records;
};
const codeOf = (line: unknown, change: Partial<CapturedBy> = {}) => {
  const result = capturedPredictions(line, { ...by, ...change });
  return result.ok ? 'none' : result.problems[0]?.code;
};

describe('a place', () => {
  it.each([
    ['sagemaker/late-live/3/endpoint/AllTraffic/2022/02/14/17/25-49-x.jsonl', { kind: 'capture', modelVersion: 3 }],
    ['sagemaker/late-live/3/endpoint/version-4/2022/02/14/17/x.jsonl', { kind: 'capture', modelVersion: 4 }],
    ['sagemaker/late-live/3/endpoint/late-version-12/2022/02/14/17/x.jsonl', { kind: 'capture', modelVersion: 12 }],
    ['sagemaker/late-live/ground-truth/2022/02/14/17/x.jsonl', { kind: 'ground-truth', hour: '2022-02-14T17' }],
    ['sagemaker/late-live/ground-truth/by/hand/2022/02/14/17/x.jsonl', { kind: 'ground-truth', hour: '2022-02-14T17' }],
    ['sagemaker/late-live/ground-truth/x.jsonl', { kind: 'ground-truth', hour: undefined }],
  ])('%s says what it is about', (key, place) => {
    expect(sageMakerPlace(key)).toEqual({ modelId: 'late-live', ...place });
  });

  it.each([
    'sagemaker/x.jsonl',
    'sagemaker/late-live/3/endpoint/x.jsonl',
    'sagemaker/late-live/3/e/v/2022/02/14/17/x.json',
  ])('%s says nothing', (key) => expect(sageMakerPlace(key)).toBeUndefined());

  it('dates labels to the end of the hour they were collected in, and never after they came', () => {
    expect(collectedAt('2022-02-14T17', '2022-02-15T00:00:00.000Z')).toBe('2022-02-14T17:59:59.999Z');
    expect(collectedAt('2022-02-14T17', '2022-02-14T17:10:00.000Z')).toBe('2022-02-14T17:10:00.000Z');
    expect(collectedAt(undefined, '2022-02-14T17:10:00.000Z')).toBe('2022-02-14T17:10:00.000Z');
    expect(collectedAt('2022-99-14T17', '2022-02-14T17:10:00.000Z')).toBe('2022-02-14T17:10:00.000Z');
  });
});

describe('the rows of a payload', () => {
  const rowsOf = (payload: unknown) => {
    const result = payloadRows(payload, '/x');
    return result.ok ? result.rows : result.problems.map(({ code }) => code);
  };
  const base64 = (text: string, observedContentType: string) => ({
    observedContentType,
    data: Buffer.from(text).toString('base64'),
    encoding: 'BASE64',
  });

  it.each([
    [
      'lines of CSV',
      csv('1,2\n3,4\r\n'),
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['empty cells', csv(',1,\n'), [['', '1', '']]],
    ['quoted cells', csv('"San Jose, CA","say ""hi""",\n'), [['San Jose, CA', 'say "hi"', '']]],
    ['instances', json({ instances: [{ a: 1 }, { a: 2 }] }), [{ a: 1 }, { a: 2 }]],
    [
      'a list of lists',
      json([
        [1, 2],
        [3, 4],
      ]),
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['a list of numbers is one row', json([1, 2]), [[1, 2]]],
    ['one object', json({ a: 1 }), [{ a: 1 }]],
    [
      'JSON lines',
      { observedContentType: 'application/jsonlines', data: '{"a":1}\n{"a":2}\n', encoding: 'JSON' },
      [{ a: 1 }, { a: 2 }],
    ],
    ['CSV that was taken for binary', base64('1,2\n', 'text/csv; charset=utf-8'), [['1', '2']]],
    ['JSON that was taken for binary', base64('{"a":1}', 'application/vnd.api+json'), [{ a: 1 }]],
  ])('%s', (_name, payload, rows) => expect(rowsOf(payload)).toEqual(rows));

  it.each([
    ['binary content', base64('\u0093NUMPY', 'application/x-npy'), 'unreadable-content'],
    ['an unknown encoding', { data: '1', encoding: 'AVRO' }, 'unreadable-content'],
    ['broken JSON', { data: '{', encoding: 'JSON' }, 'malformed-json'],
    ['no data', { encoding: 'CSV' }, 'missing'],
    ['nothing', undefined, 'missing'],
  ])('%s is refused', (_name, payload, code) => expect(rowsOf(payload)).toEqual([code]));
});

describe('a captured inference', () => {
  it('becomes a prediction under its inference id, columns in the order of the features', () => {
    expect(recordsOf(captured(csv('733,JFK\n'), csv('0.25'), { inferenceId: 'flight-1' }))).toEqual([
      {
        predictionId: 'flight-1',
        modelId: 'late-live',
        modelVersion: 3,
        predictedAt: inferenceTime,
        features: { distance: 733, origin: 'JFK' },
        score: 0.25,
      },
    ]);
  });

  it('has its event id where it has no inference id', () => {
    expect(recordsOf(captured(csv('733,JFK'), csv('0.25')))).toMatchObject([{ predictionId: 'e1' }]);
  });

  it('of many rows becomes as many predictions, however their scores are listed', () => {
    for (const output of [csv('0.1\n0.9\n'), csv('0.1,0.9'), json([0.1, 0.9]), json({ predictions: [[0.1], [0.9]] })])
      expect(recordsOf(captured(csv('1,JFK\n2,LAX\n'), output))).toMatchObject([
        { predictionId: 'e1-0', score: 0.1, features: { distance: 1, origin: 'JFK' } },
        { predictionId: 'e1-1', score: 0.9, features: { distance: 2, origin: 'LAX' } },
      ]);
  });

  it('has its columns and its score where the model says', () => {
    const mapping = { columns: ['', 'origin', 'distance'], score: 1 };
    expect(recordsOf(captured(csv('id-7,JFK,733'), csv('late,0.75')), { mapping })).toMatchObject([
      { features: { origin: 'JFK', distance: 733 }, score: 0.75 },
    ]);
    const named = json({ predictions: [{ label: 'late', probability: '0.5' }] });
    const instances = json({ instances: [{ distance: 1, origin: 'JFK' }] });
    expect(recordsOf(captured(instances, named), { mapping: { score: 'probability' } })).toMatchObject([
      { score: 0.5 },
    ]);
  });

  it('says that a value is missing where a cell is empty, and leaves to the check what is no number', () => {
    expect(recordsOf(captured(csv(',JFK'), csv('none')))).toMatchObject([
      { features: { distance: null, origin: 'JFK' }, score: 'none' },
    ]);
  });

  it.each([
    ['without output', captured(csv('1,JFK'), undefined), 'missing'],
    ['without input', captured(undefined, csv('0.5')), 'missing'],
    ['of other columns than the model has', captured(csv('1,JFK,2'), csv('0.5')), 'column-count'],
    ['with more scores than rows', captured(csv('1,JFK'), csv('0.5\n0.6')), 'row-count'],
    ['that is nothing of the kind', 'text', 'missing'],
  ])('%s is refused', (_name, line, code) => expect(codeOf(line)).toBe(code));
});

describe('a label', () => {
  const observedAt = '2022-02-14T17:59:59.999Z';
  const labelled = (data: string) => ({
    groundTruthData: { data, encoding: 'CSV' },
    eventMetadata: { eventId: 'flight-1' },
  });

  it('becomes an outcome of the prediction that its event id names', () => {
    expect(labelledOutcomes(labelled('1'), 'late-live', observedAt)).toEqual({
      ok: true,
      records: [{ predictionId: 'flight-1', modelId: 'late-live', observedAt, label: 1 }],
    });
  });

  it('of many rows names them as the capture does', () => {
    expect(labelledOutcomes(labelled('1\n0\n'), 'late-live', observedAt)).toMatchObject({
      records: [
        { predictionId: 'flight-1-0', label: 1 },
        { predictionId: 'flight-1-1', label: 0 },
      ],
    });
  });

  it('without data is refused', () => {
    expect(labelledOutcomes({ eventMetadata: { eventId: 'x' } }, 'late-live', observedAt)).toMatchObject({ ok: false });
  });
});
