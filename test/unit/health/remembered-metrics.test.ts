import { describe, expect, it } from 'vitest';
import { type AggregateQuery, groundTruthMetricsOver } from '../../../shared/adapters/ground-truth-metrics.ts';
import { rememberedMetrics } from '../../../shared/adapters/remembered-metrics.ts';
import { encodePerformance, encodeProfile } from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import type { Profile } from '../../../shared/domain/ground-truth/aggregates.ts';
import { type DayChanges, noChanges, withChanges } from '../../../shared/domain/ground-truth/day-changes.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { dayMillis, hourMillis, hourOf, toInstant, toMillis } from '../../../shared/domain/time.ts';
import type { GroundTruthMetrics } from '../../../shared/ports/ground-truth-metrics.ts';

const buckets = 2;
const start = toMillis('2001-03-01T00:00:00.000Z');
const hourAt = (now: number, back: number) => hourOf(toInstant(now - back * hourMillis));

/** Aggregates of one model as the join commits them, and both ways to read them. */
function createStore(maximumBytes = 10_000_000) {
  const stored = new Map<string, { readonly hour: string; readonly data: Uint8Array }>();
  const changes: DayChanges[] = Array.from({ length: buckets }, () => noChanges);
  const reads: AggregateQuery[] = [];
  let revision = 0;
  const keyOf = (kind: string, versions: string, hour: string, bucket: number) =>
    `${kind} ${versions} ${hour} ${bucket}`;
  const read = async (query: AggregateQuery) => {
    reads.push(query);
    const prefix = `${query.kind} ${query.versions} `;
    const last = hourOf(toInstant(toMillis(query.to) - 1));
    const found = [...stored].filter(
      ([key, { hour }]) => key.startsWith(prefix) && hour >= hourOf(query.from) && hour <= last,
    );
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  };
  const plain = groundTruthMetricsOver(read);
  const remembered = rememberedMetrics({
    metrics: plain,
    read,
    readHours: async ({ version, hours }) =>
      hours.map((hour) =>
        Array.from({ length: buckets }, (_, bucket) => stored.get(keyOf('profile', String(version), hour, bucket)))
          .filter((item) => item !== undefined)
          .map(({ data }) => data),
      ),
    changes: async () => [...changes],
    maximumBytes,
  });
  /** An hour of `rows` predictions of the version, the `labelled` first of them with a label. */
  const commit = (now: number, bucket: number, version: number, hour: string, rows: number, labelled = rows) => {
    revision += 1;
    const arrived = { revision, hours: [hour], now, attributionWindowMinutes: 60 };
    changes[bucket] = withChanges(changes[bucket]!, arrived);
    const scored = Array.from({ length: labelled }, (_, i) => ({
      score: (i + 0.3) / rows,
      label: i % 3 === 0 ? 1 : 0,
    }));
    const extras = rows % 3 === 0 ? { served: rows + 1, delays: { 2: labelled } } : {};
    const points = [{ index: bucket, predictions: rows, performance: performanceOf('binary', scored), ...extras }];
    const versions = String(version);
    stored.set(keyOf('profile', versions, hour, bucket), { hour, data: encodeProfile(profileOf(rows, bucket)) });
    stored.set(keyOf('performance', versions, hour, bucket), { hour, data: encodePerformance(points) });
  };
  return { plain, remembered, commit, reads };
}

function profileOf(rows: number, bucket: number): Profile {
  const part = {
    n: rows,
    features: {
      distance: { bins: { 2: rows, [3 + (rows % 4)]: 1 }, missing: rows % 2, unseen: 0 },
      ...(bucket === 1 && { carrier: { bins: {}, missing: 0, unseen: rows } }),
    },
    scores: { [rows % 7]: rows },
  };
  const histogram = bucket === 0 ? { scoreHistogram: { [rows % 512]: rows } } : {};
  return { ...part, ...histogram, ...(rows % 5 === 0 && { segments: { short: part, empty: emptySegment } }) };
}

const emptySegment: Profile = { n: 0, features: {}, scores: {} };

/** All that a scan at that hour asks for. */
async function answers(metrics: GroundTruthMetrics, now: number, version: number) {
  const window = (days: number) => ({
    modelId: 'm',
    version,
    buckets,
    from: toInstant(now - days * dayMillis + 5 * hourMillis),
    to: toInstant(now),
  });
  const hours = Array.from({ length: 20 }, (_, day) => [0, 1, 2].map((back) => hourAt(now, day * 24 + back))).flat();
  const [profile, blocks, hourly, single] = await Promise.all([
    metrics.profile(window(7)),
    metrics.profileBlocks(window(9)),
    metrics.hourlyPerformance(window(8)),
    metrics.profilesOfHours({ modelId: 'm', version, buckets, hours }),
  ]);
  return { profile, blocks, hourly, single: [...single] };
}

describe('remembered metrics between scans', () => {
  it.each([10_000_000, 20_000])('say what is stored, however it changed (%d bytes to remember)', async (bytes) => {
    const { plain, remembered, commit } = createStore(bytes);
    const random = seededRandom(7);
    const pick = (count: number) => Math.floor(random() * count);
    for (let back = 11 * 24; back > 0; back -= 1)
      if (pick(4) > 0) commit(start, pick(buckets), 1, hourAt(start, back), 1 + pick(40));
    for (let scan = 0; scan < 14; scan += 1) {
      const now = start + (scan + (scan > 10 ? 24 * scan : 0)) * hourMillis;
      // A new hour, a late label in an old one, and after a while a new version.
      commit(now, pick(buckets), scan > 6 ? 2 : 1, hourAt(now, 1), 1 + pick(40));
      commit(now, pick(buckets), 1, hourAt(now, 1 + pick(9 * 24)), 1 + pick(40), pick(2));
      for (const version of [1, 2])
        expect(await answers(remembered, now, version)).toEqual(await answers(plain, now, version));
    }
  });

  it('write the same to the last bit, so that what an evaluation rests on is recorded the same', async () => {
    const { plain, remembered, commit } = createStore();
    for (let back = 9 * 24; back > 0; back -= 1) commit(start, back % buckets, 1, hourAt(start, back), 10 + back);
    const text = async (metrics: GroundTruthMetrics) => JSON.stringify((await answers(metrics, start, 1)).blocks);
    expect(await text(remembered)).toBe(await text(plain));
    expect(await text(remembered)).toBe(await text(plain));
  });

  it('read one day again when an hour of it changed, and none when only the clock moved', async () => {
    const { remembered, commit, reads } = createStore();
    for (let back = 12 * 24; back > 0; back -= 1) commit(start, 0, 1, hourAt(start, back), 20);
    const asked = async (now: number) => {
      const before = reads.length;
      await answers(remembered, now, 1);
      return reads.length - before;
    };
    await asked(start);
    expect(await asked(start + hourMillis)).toBe(0);
    commit(start, 1, 1, hourAt(start, 100), 3);
    expect(await asked(start + 2 * hourMillis)).toBe(2);
  });
});
