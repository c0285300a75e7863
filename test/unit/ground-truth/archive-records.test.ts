import { describe, expect, it } from 'vitest';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { createMemoryRawArchive } from '../../../shared/adapters/memory/memory-raw-archive.ts';
import { RunwayError } from '../../../shared/domain/errors.ts';
import type { RawOutcome, RawPrediction } from '../../../shared/domain/ground-truth/raw-rows.ts';
import { positionText } from '../../../shared/domain/ground-truth/raw-rows.ts';
import { isInSample } from '../../../shared/domain/ground-truth/sampling.ts';
import { pack, type WireEvent } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import type { RawArchive } from '../../../shared/ports/raw-archive.ts';
import { archiveRecords } from '../../../shared/use-cases/ground-truth/archive-records.ts';
import type { StreamRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { at, observed, predicted, servedModel } from './fixtures/models.ts';
import { trustedWriters } from './fixtures/trusted-writers.ts';

const segments = [{ name: 'coast', feature: 'origin', values: ['JFK', 'LAX'] }];
const opening = {
  directory: createMemoryModelDirectory([servedModel({ segments })]),
  rootSecret: { read: async () => 'root secret' },
  ...trustedWriters,
};

function record(id: number, events: readonly WireEvent[], now = at(180)): StreamRecord {
  const writer = 'flights/gate';
  const [data] = pack(events, { writer, key: writerKey('root secret', writer), modelId: 'late-live', bucket: 0 });
  return { id: String(id), shardId: 'shard-1', partitionKey: 'late-live:0', now, data: data! };
}

const poison = (id: number): StreamRecord => ({ ...record(id, [predicted('never')]), data: Buffer.from('noise') });
const idsIn = (files: ReadonlyMap<string, readonly (RawPrediction | RawOutcome)[]>) =>
  [...files.values()].flat().map(({ predictionId }) => predictionId);

/** Of a prediction of these stories, as the limit counts it. */
const oneRow = 240;

/** Refuses the calls that `isRefused` says, counted from 0. */
function refusing(isRefused: (call: number) => boolean) {
  const memory = createMemoryRawArchive();
  let call = 0;
  const guarded =
    <Rest extends unknown[]>(put: (...rest: Rest) => Promise<void>) =>
    async (...rest: Rest) => {
      if (isRefused(call++)) throw new RunwayError('DependencyUnavailable', 'dependency-unavailable', 'S3 is full');
      await put(...rest);
    };
  const archive: RawArchive = {
    putPredictions: guarded(memory.putPredictions),
    putOutcomes: guarded(memory.putOutcomes),
  };
  return { memory, archive };
}

describe('what is archived', () => {
  it('is every event, by kind and hour of arrival, under the first and last sequence number', async () => {
    const archive = createMemoryRawArchive();
    const records = [
      record(7, [predicted('p1'), observed('p1')]),
      record(8, [predicted('p2')]),
      record(9, [predicted('p3')], at(240)),
    ];
    expect(await archiveRecords({ opening, archive }, records)).toEqual({ rows: 4, failed: [] });
    expect([...archive.predictions.keys()]).toEqual(['2001-01-22T09/shard-1-7.0-9.0', '2001-01-22T10/shard-1-7.0-9.0']);
    expect([...archive.outcomes.keys()]).toEqual(['2001-01-22T09/shard-1-7.0-9.0']);
    expect(idsIn(archive.predictions)).toEqual(['p1', 'p2', 'p3']);
  });

  it('has every field, what is missing left out and defaults resolved', async () => {
    const archive = createMemoryRawArchive();
    const features = { distance: 733, origin: 'JFK', lateRate: null };
    const shadows = [{ modelVersion: 2, score: 0.5 }];
    const more = { samplingRatio: 0.5, rolloutId: 'late-live-o1', scoredAt: at(-5) };
    await archiveRecords({ opening, archive }, [
      record(7, [predicted('p1', { features, shadows, ...more }), observed('p1', { businessValue: 3 })]),
    ]);
    const common = { modelId: 'late-live', predictionId: 'p1', writer: 'flights/gate', arrivedAt: Date.parse(at(180)) };
    expect([...archive.predictions.values()].flat()).toEqual([
      {
        ...common,
        modelVersion: 1,
        predictedAt: Date.parse(at(0)),
        scoredAt: Date.parse(at(-5)),
        score: 0.25,
        samplingRatio: 0.5,
        isInSample: isInSample('p1', 0.5),
        rolloutId: 'late-live-o1',
        shadows: '[{"modelVersion":2,"score":0.5}]',
        features: '{"distance":733,"origin":"JFK"}',
        segments: '["coast"]',
        position: positionText({ shardId: 'shard-1', sequenceNumber: '7', index: 0 }),
      },
    ]);
    expect([...archive.outcomes.values()].flat()).toEqual([
      {
        ...common,
        outcomeType: 'label',
        predictedAt: Date.parse(at(0)),
        observedAt: Date.parse(at(120)),
        label: 1,
        businessValue: 3,
        position: positionText({ shardId: 'shard-1', sequenceNumber: '7', index: 1 }),
      },
    ]);
  });

  it('is the same under the same name when it is delivered again', async () => {
    const archive = createMemoryRawArchive();
    const records = [record(7, [predicted('p1')]), record(8, [predicted('p2')])];
    await archiveRecords({ opening, archive }, records);
    const before = new Map(archive.predictions);
    await archiveRecords({ opening, archive }, records);
    expect(archive.predictions).toEqual(before);
  });

  it('leaves out poison and bad lines, and nothing else', async () => {
    const archive = createMemoryRawArchive();
    const mixed = record(9, [predicted('good'), predicted('bad', { score: 2 })]);
    const { rows, failed } = await archiveRecords({ opening, archive }, [
      poison(7),
      record(8, [predicted('p1')]),
      mixed,
      poison(10),
    ]);
    expect({ rows, failed }).toEqual({ rows: 2, failed: [] });
    expect(idsIn(archive.predictions)).toEqual(['p1', 'good']);
  });

  it('is never held beyond the limit by more than one row, and a record may be cut', async () => {
    const archive = createMemoryRawArchive();
    const records = Array.from({ length: 10 }, (_, i) =>
      record(i, [predicted(`p${i}a`), predicted(`p${i}b`), predicted(`p${i}c`)]),
    );
    const { rows } = await archiveRecords({ opening, archive, maximumLength: oneRow * 4 }, records);
    expect(rows).toBe(30);
    expect([...archive.predictions].map(([name, file]) => [name.split('/')[1], file.length]).slice(0, 2)).toEqual([
      ['shard-1-0.0-1.0', 4],
      ['shard-1-1.1-2.1', 4],
    ]);
    expect(new Set(idsIn(archive.predictions)).size).toBe(30);
  });
});

describe('a record that cannot be archived now', () => {
  it('comes again with all that its file would have held', async () => {
    const { memory, archive } = refusing((call) => call === 1);
    const records = [7, 8, 9, 10].map((id) => record(id, [predicted(`p${id}`), predicted(`q${id}`)]));
    const { rows, failed } = await archiveRecords({ opening, archive, maximumLength: oneRow * 4 }, records);
    expect(rows).toBe(4);
    expect(failed.map(({ id }) => id)).toEqual(['9', '10']);
    await archiveRecords({ opening, archive, maximumLength: oneRow * 4 }, records.slice(2));
    expect(new Set(idsIn(memory.predictions)).size).toBe(8);
  });

  it('does not keep those before it from being written', async () => {
    const archive = createMemoryRawArchive();
    let asked = 0;
    const rootSecret = {
      read: async () => {
        if (++asked === 2) throw new RunwayError('DependencyUnavailable', 'dependency-unavailable', 'no secret now');
        return 'root secret';
      },
    };
    const records = [7, 8, 9].map((id) => record(id, [predicted(`p${id}`)]));
    const { rows, failed } = await archiveRecords({ opening: { ...opening, rootSecret }, archive }, records);
    expect({ rows, failed: failed.map(({ id }) => id) }).toEqual({ rows: 1, failed: ['8'] });
    expect(idsIn(archive.predictions)).toEqual(['p7']);
  });

  it('halves the batch when it is the fault of none that is known', async () => {
    const archive = { ...createMemoryRawArchive(), putPredictions: () => Promise.reject(new TypeError('a defect')) };
    await expect(archiveRecords({ opening, archive }, [record(7, [predicted('p1')])])).rejects.toThrow('a defect');
  });
});

describe('a position', () => {
  it('orders as text as its numbers do', () => {
    const text = (sequenceNumber: string, index: number) => positionText({ shardId: 's', sequenceNumber, index });
    expect(text('9', 0) < text('10', 0)).toBe(true);
    expect(
      text('49590338271490256608559692538361571095921575989136588898', 9) <
        text('49590338271490256608559692538361571095921575989136588898', 10),
    ).toBe(true);
    expect(text('7', 99_999) < text('8', 0)).toBe(true);
  });
});
