import { outcomeTypesOf } from '../../shared/domain/ground-truth/outcome-types.ts';
import { emptyProfile } from '../../shared/domain/ground-truth/profile.ts';
import type { PackedEvent } from '../../shared/domain/ground-truth/records.ts';
import type { ServedModel } from '../../shared/domain/ground-truth/served-model.ts';
import { pack, partitionKeyOf } from '../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../shared/domain/ground-truth/writer-key.ts';
import type { Baseline } from '../../shared/domain/health/baseline.ts';
import { categoricalBins, numericBins } from '../../shared/domain/health/bins.ts';
import type { StreamRecord } from '../../shared/use-cases/ground-truth/open-record.ts';

export const rootSecret = 'root secret of the bench';
const writer = 'flights/gate';
const start = Date.parse('2001-01-22T00:00:00.000Z');
const hour = 3_600_000;

// A fixed sequence, so that two runs measure the same work (Park & Miller 1988).
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const numeric = ['hour', 'distance', 'originLateRate', 'destinationLateRate', 'basicScore'];
const categorical = ['weekday', 'origin', 'destination', 'route'];

/** Two models as large as the flight example's: nine features, one bucket, two versions. */
export function flightModels(): readonly ServedModel[] {
  const random = sequence(1);
  const features = [
    ...numeric.map((name) => ({ name, type: 'numeric' as const, required: true, importance: 1 })),
    ...categorical.map((name) => ({ name, type: 'categorical' as const, required: true, importance: 1 })),
  ];
  const values = Array.from({ length: 2_000 }, random);
  const bins = Object.fromEntries([
    ...numeric.map((name) => [name, numericBins(values)]),
    ...categorical.map((name) => [name, categoricalBins(values.map(airport))]),
  ]);
  return ['late-basic', 'late-live'].map((modelId) => {
    const common = { modelId, taskType: 'binary', n: 0, from: '', to: '' } as const;
    const scores = { scores: numericBins(values), profile: emptyProfile };
    const baseline = (version: number): Baseline => ({ ...common, version, features: bins, ...scores });
    return {
      modelId,
      team: 'flights',
      registeredAt: '2001-01-01T00:00:00.000Z',
      taskType: 'binary',
      buckets: 1,
      attributionWindowMinutes: 1_440,
      outcomeTypes: outcomeTypesOf({ taskType: 'binary', attributionWindowMinutes: 1_440 }),
      versions: new Map([1, 2].map((version) => [version, { features, baseline: baseline(version) }])),
    };
  });
}

function airport(x: number): string {
  return `airport ${Math.floor(x * 200)}`;
}

export type Batch = { readonly events: number; readonly records: readonly StreamRecord[] };

/** Batches of an hour and a half: a hundred flights leave, those that left some hours ago land; both models score all. */
export function flightBatches(count: number, withShadow: boolean): readonly Batch[] {
  const random = sequence(2);
  let sequenceNumber = 0;
  let airborne: { id: string; leaves: number; lands: number }[] = [];
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [start + i * 1.5 * hour, start + (i + 1) * 1.5 * hour];
    const leaving = Array.from({ length: 100 }, (__, j) => {
      const leaves = from + Math.floor(random() * (to - from));
      return { id: `2001-${i}-N${j}-JFK`, leaves, lands: leaves + Math.floor(hour * (1.5 + random() * 5)) };
    });
    airborne.push(...leaving);
    const landing = airborne.filter(({ lands }) => lands < to);
    airborne = airborne.filter(({ lands }) => lands >= to);
    const records = ['late-basic', 'late-live'].flatMap((modelId) => {
      const events = [
        ...leaving.map((flight) => prediction(modelId, flight, random, withShadow)),
        ...landing.map((flight) => outcome(modelId, flight, random)),
      ];
      const key = writerKey(rootSecret, writer);
      return pack(events, { writer, key, modelId, bucket: 0 }).map((data) => {
        sequenceNumber += 1;
        const partitionKey = partitionKeyOf(modelId, 0);
        return { id: String(sequenceNumber), shardId: 'shard-1', partitionKey, now: at(to), data };
      });
    });
    return { events: 2 * (leaving.length + landing.length), records };
  });
}

function prediction(
  modelId: string,
  flight: { id: string; leaves: number },
  random: () => number,
  withShadow: boolean,
): PackedEvent {
  const features = Object.fromEntries([
    ...numeric.map((name) => [name, random()]),
    ...categorical.map((name) => [name, airport(random())]),
  ]);
  const shadow = withShadow ? { shadows: [{ modelVersion: 2, score: random() }], rolloutId: `${modelId}-o1` } : {};
  const served = { predictionId: flight.id, modelId, modelVersion: 1, predictedAt: at(flight.leaves) };
  return { kind: 'prediction', record: { ...served, features, score: random(), ...shadow } };
}

function outcome(
  modelId: string,
  flight: { id: string; leaves: number; lands: number },
  random: () => number,
): PackedEvent {
  const when = { predictedAt: at(flight.leaves), observedAt: at(flight.lands) };
  const truth = { label: random() < 0.2 ? 1 : 0, businessValue: Math.round(random() * 60) };
  return { kind: 'outcome', record: { predictionId: flight.id, modelId, ...when, ...truth } };
}

function at(millis: number): string {
  return new Date(millis).toISOString();
}
