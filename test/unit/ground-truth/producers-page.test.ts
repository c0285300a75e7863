import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { recordOfRow } from '../../../shared/domain/ground-truth/column-row.ts';
import { featuresOf } from '../../../shared/domain/ground-truth/feature-columns.ts';
import { fnv1a } from '../../../shared/domain/ground-truth/fnv1a.ts';
import { sampleHash } from '../../../shared/domain/ground-truth/sampling.ts';
import { readColumns } from '../../../shared/domain/ground-truth/wire-columns.ts';
import { bucketOf, readEvents, unpack, verify } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import { openRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { at, morning, servedModel } from './fixtures/models.ts';
import { trustedWriters } from './fixtures/trusted-writers.ts';

const page = readFileSync('docs/producers.md', 'utf8');
const key = /`([0-9a-f]{64})`/.exec(page)?.[1] ?? '';
const hex = (value: number) => value.toString(16).padStart(8, '0');

describe('the page for producers', () => {
  const vectors = [...page.matchAll(/^\| `(.+)` \| `(\w{8})` \| (\d+) \| (\d+) \| `(\w{8})` \|$/gm)];
  it('has test vectors', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(4);
  });

  it.each(vectors.map(([, ...vector]) => vector))('hashes %s to %s', (id = '', ...expected) => {
    const found = [hex(fnv1a(id)), bucketOf(id, 4), bucketOf(id, 1_000), hex(sampleHash(id))];
    expect(found.map(String)).toEqual(expected);
  });

  it.each(['runway/1', 'runway/2'])('shows a record of %s that is signed and can be read', (format) => {
    const start = page.indexOf(`{"format":"${format}"`);
    const text = page.slice(start, page.indexOf('\n```', start));
    const record = unpack(Buffer.from(text));
    if (!record.ok) throw new Error(record.reason);
    expect(verify(record.value, key)).toBe(true);
    const events = format === 'runway/2' ? readColumns(record.value) : readEvents(record.value);
    expect(events.ok).toBe(true);
  });

  it('shows a record with numbers behind the document, and what it says', () => {
    const record = unpack(Buffer.from(/^[A-Za-z0-9+/]{200,}={0,2}$/m.exec(page)?.[0] ?? '', 'base64'));
    if (!record.ok) throw new Error(record.reason);
    expect(verify(record.value, key)).toBe(true);
    const columns = readColumns(record.value);
    if (!columns.ok) throw new Error(columns.reason);
    const { predictions } = columns.value;
    expect([0, 1].map((row) => recordOfRow('prediction', predictions, row, 'late-live'))).toEqual([
      {
        modelId: 'late-live',
        predictionId: 'p1',
        modelVersion: 1,
        predictedAt: '2001-01-22T06:00:00.000Z',
        score: 0.25,
        features: { distance: 733, lateRate: 1 / 3, origin: 'JFK' },
      },
      {
        modelId: 'late-live',
        predictionId: 'p5',
        modelVersion: 1,
        predictedAt: '2001-01-22T06:01:00.000Z',
        score: 0.5,
        features: { distance: 2_475 },
      },
    ]);
  });
});

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;
if (!hasPython) console.warn('no Python 3.9 on this machine: its example of a producer is not tested');

describe.skipIf(!hasPython)('the example in Python', () => {
  const served = servedModel({ buckets: 4 });
  const opening = {
    directory: createMemoryModelDirectory([served]),
    rootSecret: { read: async () => 'root secret' },
    ...trustedWriters,
  };
  const python = (args: readonly string[], input = '') =>
    execFileSync('python3', ['-B', ...args], { input, cwd: 'examples/python', encoding: 'utf8' });

  it.each([40, 400])('packs what Runway takes of %i rows, bucket by bucket', async (rows) => {
    const predictedAt = Date.parse(morning);
    const ids = Array.from({ length: rows }, (_, i) => `Zürich ${i}`);
    const given = {
      writer: 'flights/gate',
      key: writerKey('root secret', 'flights/gate'),
      keyId: 1,
      modelId: 'late-live',
      buckets: 4,
      predictions: ids.map((predictionId, i) => ({
        predictionId,
        modelVersion: 1,
        predictedAt: predictedAt + i,
        score: i / 3 / rows,
        features: { distance: i / 10 - 3, origin: i % 2 === 0 ? 'JFK' : 'ZRH', ...(i % 3 === 0 && { lateRate: 0.5 }) },
      })),
      outcomes: ids.map((predictionId, i) => ({
        predictionId,
        predictedAt: predictedAt + i,
        observedAt: Date.parse(at(60)),
        label: 1,
      })),
    };
    const lines = python(['pack_events.py'], JSON.stringify(given)).trim().split('\n');
    const records = lines.map((line): { partitionKey: string; data: string } => JSON.parse(line));
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual(
      [0, 1, 2, 3].map((bucket) => `late-live:${bucket}`),
    );
    const opened = await Promise.all(
      records.map(({ partitionKey, data }, i) =>
        openRecord(opening, {
          id: String(i),
          shardId: 's',
          partitionKey,
          now: at(180),
          data: Buffer.from(data, 'base64'),
        }),
      ),
    );
    expect(opened.flatMap(({ rejected }) => rejected)).toEqual([]);
    const events = opened.flatMap((record) => record.events.map(({ event }) => event));
    expect(events).toHaveLength(2 * rows);
    const read = events.flatMap((event) => (event.kind === 'prediction' ? [event.record] : []));
    const seen = read.map(({ predictionId, predictedAt: predicted, score, features }) => {
      const { lateRate, ...others } = featuresOf(features);
      return {
        predictionId,
        predictedAt: predicted,
        score,
        features: lateRate == null ? others : { ...others, lateRate },
      };
    });
    const sent = given.predictions.map(({ modelVersion: _, ...prediction }) => prediction);
    const byId = (left: { predictionId: string }, right: { predictionId: string }) =>
      left.predictionId < right.predictionId ? -1 : 1;
    expect(seen.toSorted(byId)).toEqual(sent.toSorted(byId));
    expect(events.filter(({ kind, record }) => kind === 'outcome' && record.predictedAt !== undefined)).toHaveLength(
      rows,
    );
  });

  it('hashes and samples as the page says', () => {
    const script =
      'import sys; from runway_wire import *; print(*(f"{fnv1a(i):08x} {sample_hash(i):08x}" for i in sys.argv[1:]))';
    const ids = ['a', 'foobar', '2001-01-22-N17-JFK', 'Zürich-✈'];
    const expected = ids.map((id) => `${hex(fnv1a(id))} ${hex(sampleHash(id))}`).join(' ');
    expect(python(['-c', script, ...ids]).trim()).toBe(expected);
  });
});
