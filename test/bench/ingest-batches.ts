import { outcomeTypesOf } from '../../shared/domain/ground-truth/outcome-types.ts';
import { packColumns } from '../../shared/domain/ground-truth/pack-columns.ts';
import type { PackedEvent } from '../../shared/domain/ground-truth/records.ts';
import type { ServedModel } from '../../shared/domain/ground-truth/served-model.ts';
import { type PackOptions, pack, partitionKeyOf } from '../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../shared/domain/ground-truth/writer-key.ts';
import { categoricalBins, numericBins } from '../../shared/domain/health/bins.ts';
import type { Feature } from '../../shared/domain/registry/schemas.ts';
import type { StreamRecord } from '../../shared/use-cases/ground-truth/open-record.ts';
import { gaussian, seeded } from '../unit/health/statistics/seeded.ts';
import { rootSecret } from './flight-batches.ts';

const writer = 'flights/gate';
const modelId = 'late-wide';
const categories = 200;
const start = Date.parse('2001-01-22T00:00:00.000Z');
const minute = 60_000;
/** The default sampling maximum of 10,000 predictions an hour. */
const millisPerPrediction = (60 * minute) / 10_000;
const meanDelayMillis = 40 * minute;

const numeric = Array.from({ length: 14 }, (_, i) => `numeric_${i}`);
const categorical = Array.from({ length: 6 }, (_, i) => `categorical_${i}`);

export const benchFormats = ['runway/2, gzip', 'runway/2, zstd', 'runway/1'] as const;
type BenchFormat = (typeof benchFormats)[number];

/** Of one bucket. `lines` are the events as JSON, one by one. */
export type IngestBatch = {
  readonly events: number;
  readonly predictions: number;
  readonly lines: readonly string[];
  readonly byFormat: Readonly<Record<BenchFormat, readonly StreamRecord[]>>;
};

/** A model of 14 numeric and 6 categorical features, one version. */
export function wideModel(): ServedModel {
  const random = seeded(7);
  const features = [
    ...numeric.map((name): Feature => ({ name, type: 'numeric', required: false, importance: 1 })),
    ...categorical.map((name): Feature => ({ name, type: 'categorical', required: true, importance: 1 })),
  ];
  const rows = Array.from({ length: 5_000 }, () => rowOf(random));
  const values = (name: string) => rows.flatMap((row) => row[name] ?? []);
  const bins = Object.fromEntries([
    ...numeric.map((name) => [name, numericBins(values(name).map(Number))]),
    ...categorical.map((name) => [name, categoricalBins(values(name).map(String))]),
  ]);
  const scores = numericBins(rows.map(() => random()));
  const windows = { taskType: 'binary', attributionWindowMinutes: 1_440 } as const;
  return {
    modelId,
    team: 'flights',
    registeredAt: '2001-01-01T00:00:00.000Z',
    ...windows,
    buckets: 1,
    outcomeTypes: outcomeTypesOf(windows),
    versions: new Map([[1, { features, baseline: { features: bins, scores } }]]),
  };
}

function rowOf(random: () => number): Record<string, number | string | null> {
  return Object.fromEntries([
    ...numeric.map((name) => [name, random() < 0.01 ? null : Number(gaussian(random).toFixed(4))]),
    ...categorical.map((name) => [name, `airport ${Math.floor(random() ** 2 * categories)}`]),
  ]);
}

/** `perBatch` predictions each, and the outcomes that have come meanwhile; as many once it is under way. */
export function ingestBatches(count: number, perBatch: number): readonly IngestBatch[] {
  const batchMillis = perBatch * millisPerPrediction;
  const random = seeded(8);
  let sequenceNumber = 49_590_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n;
  let open: { readonly id: string; readonly at: number; readonly lands: number }[] = [];
  return Array.from({ length: count }, (_, i) => {
    const from = start + i * batchMillis;
    const now = from + batchMillis;
    const served = Array.from({ length: perBatch }, (__, j) => {
      const at = from + Math.floor(random() * batchMillis);
      return {
        id: `2001-01-22-N${i * perBatch + j}-JFK`,
        at,
        lands: at - Math.floor(Math.log(random()) * meanDelayMillis),
      };
    });
    open.push(...served);
    const landed = open.filter(({ lands }) => lands < now);
    open = open.filter(({ lands }) => lands >= now);
    const events = [
      ...served.map((flight) => predicted(flight, random)),
      ...landed.map((flight) => observed(flight, random)),
    ];
    const options: PackOptions = { writer, key: writerKey(rootSecret, writer), modelId, bucket: 0 };
    const recordsOf = (packed: readonly Uint8Array[]) =>
      packed.map((data): StreamRecord => {
        sequenceNumber += 1n;
        const partitionKey = partitionKeyOf(modelId, 0);
        return { id: String(sequenceNumber), shardId: 'shardId-000000000000', partitionKey, now: instant(now), data };
      });
    const byFormat = {
      'runway/1': recordsOf(pack(events, options)),
      'runway/2, gzip': recordsOf(packColumns(events, options)),
      'runway/2, zstd': recordsOf(packColumns(events, { ...options, encoding: 'zstd' })),
    };
    return {
      events: events.length,
      predictions: perBatch,
      lines: events.map((event) => JSON.stringify(event)),
      byFormat,
    };
  });
}

type Flight = { readonly id: string; readonly at: number; readonly lands: number };

function predicted({ id, at }: Flight, random: () => number): PackedEvent {
  const served = { predictionId: id, modelId, modelVersion: 1, predictedAt: instant(at) };
  return { kind: 'prediction', record: { ...served, features: rowOf(random), score: random() } };
}

function observed({ id, at, lands }: Flight, random: () => number): PackedEvent {
  const when = { predictedAt: instant(at), observedAt: instant(lands) };
  return { kind: 'outcome', record: { predictionId: id, modelId, ...when, label: random() < 0.2 ? 1 : 0 } };
}

function instant(millis: number): string {
  return new Date(millis).toISOString();
}
