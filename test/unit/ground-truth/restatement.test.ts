import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryGroundTruthMetrics } from '../../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { createMemoryRestatementQueue } from '../../../shared/adapters/memory/memory-restatement-queue.ts';
import { createMemoryScanQueue } from '../../../shared/adapters/memory/memory-scan-queue.ts';
import { decodePaired } from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import { mergeAllPerformance } from '../../../shared/domain/ground-truth/performance.ts';
import { metricsOf } from '../../../shared/domain/ground-truth/performance-metrics.ts';
import { bucketedId, type PackedEvent } from '../../../shared/domain/ground-truth/records.ts';
import { affectedDays, piecesOf, rangeOfBoth, restatedHours } from '../../../shared/domain/ground-truth/restatement.ts';
import { bucketOf } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerStream } from '../../../shared/domain/stream-ids.ts';
import type { JoinBuffer } from '../../../shared/ports/join-buffer.ts';
import type { RestatementMessage } from '../../../shared/ports/restatement-queue.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { changeTrust } from '../../../shared/use-cases/ground-truth/change-trust.ts';
import {
  continueRestatement,
  resumeRestatements,
} from '../../../shared/use-cases/ground-truth/continue-restatement.ts';
import { joinBucket } from '../../../shared/use-cases/ground-truth/join-bucket.ts';
import { listRestatements } from '../../../shared/use-cases/ground-truth/list-restatements.ts';
import { readDistrusted, withDistrusted } from '../../../shared/use-cases/ground-truth/read-distrusted.ts';
import { restatedDays } from '../../../shared/use-cases/ground-truth/restated-days.ts';
import { startBatchRuns } from '../../../shared/use-cases/ground-truth/start-batch-runs.ts';
import { startRestatements } from '../../../shared/use-cases/ground-truth/start-restatements.ts';
import { changeModel } from '../../../shared/use-cases/registry/change-model.ts';
import { issueWriterKey } from '../../../shared/use-cases/registry/issue-writer-key.ts';
import { registerModel } from '../../../shared/use-cases/registry/register-model.ts';
import { addVersion, definition, deploy } from '../registry/model-story.ts';
import { type Crash, crashingBuffer } from './fixtures/crashing-buffer.ts';
import { at, joinEvent, morning, observed, predicted, servedModel } from './fixtures/models.ts';
import { oracleOfEvents } from './fixtures/oracle-join.ts';

const ada = { id: 'ada', kind: 'person', roles: ['approver:flights'], teams: ['flights'] } as const;
const context = { actor: ada, now: at(960), reason: 'labels flipped' };
const [gate, saboteur] = ['flights/gate', 'flights/saboteur'];
const buckets = 6;
const model = servedModel({ buckets });
const week = { modelId: 'late-live', from: '2001-01-22T00:00:00.000Z', to: '2001-01-23T00:00:00.000Z' };

type Said = { readonly event: PackedEvent; readonly writer: string; readonly arrivedAt: string };

/** A team with one model in service, its writers, and everything that joins and restates, in memory. */
async function world() {
  const events = createMemoryEventStore();
  const registered = { ...definition, name: 'late-live', buckets, attributionWindowMinutes: 600 };
  await registerModel(events, { definition: registered, actor: ada, now: model.registeredAt });
  await changeModel(events, 'late-live', [addVersion, deploy], { ...context, now: model.registeredAt });
  const keys = { events, rootSecret: { read: async () => 'root' } };
  for (const writer of [gate, saboteur]) await issueWriterKey(keys, { writer, scopes: ['outcomes'] }, context);
  const buffer = createMemoryJoinBuffer();
  const cache = createBucketCache();
  const queue = createMemoryRestatementQueue();
  const scans = createMemoryScanQueue();
  let sequence = 0;
  const ports = (over: JoinBuffer) => ({
    events,
    queue,
    scans,
    buffer: over,
    directory: createMemoryModelDirectory([model]),
  });
  const take = (message: RestatementMessage, over: JoinBuffer) =>
    'restatementId' in message
      ? continueRestatement(ports(over), message.restatementId, at(970))
      : startRestatements(ports(over), message, at(970)).then(() => undefined);
  return {
    events,
    queue,
    scans,
    resume: () => resumeRestatements({ events, queue }),
    say: async (said: readonly Said[]) => {
      const trusted = withDistrusted(model, await readDistrusted(events));
      for (const [bucket, own] of Map.groupBy(said, ({ event }) => bucketOf(bucketedId(event), buckets))) {
        const joined = own.map(({ event, writer, arrivedAt }) => ({
          ...joinEvent(event, arrivedAt, String(sequence++)),
          writer,
        }));
        const id = { modelId: 'late-live', bucket };
        await joinBucket({ buffer, cache }, { bucket: id, model: trusted, events: joined });
      }
    },
    distrust: (span: { readonly from?: string } = {}) =>
      changeTrust({ events, queue }, saboteur, { type: 'distrust', reason: 'flood', by: 'ada', ...span }, context),
    trust: (distrustId: number) => changeTrust({ events, queue }, saboteur, { type: 'trust', distrustId }, context),
    /** As SQS does: what fails comes again, and some messages come twice. */
    restate: async (crashes: readonly Crash[] = [], twice = 0) => {
      const over = crashingBuffer(buffer, crashes);
      for (let n = 0; queue.messages.length > 0; n += 1) {
        const message = queue.messages.shift()!;
        if (n < twice) queue.messages.push(message);
        await take(message, over).catch(() => void queue.messages.push(message));
      }
    },
    restatements: async () => (await listRestatements(events, saboteur, { limit: 10 })).items,
    performance: async () => performanceIn(createMemoryGroundTruthMetrics(buffer)),
    stored: () => figuresIn(buffer.stored()),
  };
}

type World = Awaited<ReturnType<typeof world>>;

/** As the oracle says it. */
async function performanceIn(metrics: ReturnType<typeof createMemoryGroundTruthMetrics>) {
  const points = await Promise.all(
    [1, 2].map(async (version) =>
      (await metrics.fiveMinutePerformance({ ...week, version })).map(
        ({ from, predictions, performance }) => [`${from} ${version}`, { predictions, performance }] as const,
      ),
    ),
  );
  return Object.fromEntries(points.flat());
}

/** Bytes of every aggregate; one of pairs of which none is left says what none would. */
function figuresIn(items: ReturnType<ReturnType<typeof createMemoryJoinBuffer>['stored']>) {
  return Object.fromEntries(
    items
      .filter(({ kind, data }) => kind === 'performance' || (kind === 'paired' && decodePaired(data).n > 0))
      .map(({ data, ...key }) => [JSON.stringify(key), Buffer.from(data).toString('base64')]),
  );
}

/** Sums of several buckets are added as doubles, in another order than the oracle's. */
function rounded(figures: object): unknown {
  return JSON.parse(JSON.stringify(figures), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) : value,
  );
}

const labels = fc.record({
  minute: fc.integer({ min: 0, max: 179 }),
  version: fc.constantFrom(1, 2),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  shadows: fc.constantFrom([], [{ modelVersion: 3, score: 0.5 }]),
  truth: fc.option(fc.record({ after: fc.integer({ min: 0, max: 599 }), label: fc.constantFrom(0, 1) })),
  // Half minutes and quarters, so that no two are of one moment, where the first to arrive would stay.
  early: fc.option(fc.record({ after: fc.integer({ min: 0, max: 599 }), label: fc.constantFrom(0, 1) })),
  flood: fc.option(fc.record({ after: fc.integer({ min: 0, max: 599 }), label: fc.constantFrom(0, 1) })),
  late: fc.option(fc.record({ after: fc.integer({ min: 0, max: 599 }), label: fc.constantFrom(0, 1) })),
});
type Flight = typeof labels extends fc.Arbitrary<infer T> ? T : never;
type Told = { readonly after: number; readonly label: number } | null;

function outcomeOf(flight: Flight, index: number, told: Told, offset: number, saysWhen: boolean): PackedEvent[] {
  if (told === null) return [];
  const { predictedAt: _, ...record } = observed(`flight ${index}`, {
    observedAt: at(flight.minute + told.after + offset),
    label: told.label,
  }).record as Extract<PackedEvent, { kind: 'outcome' }>['record'];
  return [{ kind: 'outcome', record: { ...record, ...(saysWhen && { predictedAt: at(flight.minute) }) } }];
}

describe('labels of a writer that is distrusted', () => {
  it('are as if they had never been written: every aggregate to the last bit, whatever crashes and comes twice', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(labels, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.uniqueArray(
          fc.record({
            atCall: fc.integer({ min: 1, max: 60 }),
            kind: fc.constantFrom('lost' as const, 'unanswered' as const),
          }),
          { maxLength: 6, selector: ({ atCall }) => atCall },
        ),
        fc.nat({ max: 3 }),
        fc.infiniteStream(fc.nat()),
        async (flights, isSinceFlood, crashes, twice, order) => {
          const predictions = flights.map(({ minute, version, score, shadows }, i) =>
            predicted(`flight ${i}`, { predictedAt: at(minute), modelVersion: version, score, shadows: [...shadows] }),
          );
          const told = (key: 'truth' | 'early' | 'flood' | 'late', offset: number) =>
            flights.flatMap((flight, i) => outcomeOf(flight, i, flight[key], offset, (i + flight.minute) % 2 === 0));
          const [truths, early, flood, late] = [
            told('truth', 0),
            told('early', 0.25),
            told('flood', 0.5),
            told('late', 0.75),
          ];
          const by = (writer: string, arrivedAt: string) => (event: PackedEvent) => ({ event, writer, arrivedAt });
          const all = [
            ...predictions.map(by(gate, at(800))),
            ...truths.map(by(gate, at(900))),
            ...early.map(by(saboteur, at(850))),
            ...flood.map(by(saboteur, at(900))),
          ];
          const weights = all.map(() => order.next().value);
          const shuffled = all
            .map((said, i) => ({ said, weight: weights[i]! }))
            .sort((a, b) => a.weight - b.weight)
            .map(({ said }) => said);

          const honest = await world();
          await honest.say(
            isSinceFlood
              ? shuffled.filter(({ event }) => !flood.includes(event))
              : shuffled.filter(({ writer }) => writer === gate),
          );
          const attacked = await world();
          await attacked.say(shuffled);
          await attacked.distrust(isSinceFlood ? { from: at(875) } : {});
          await attacked.restate(crashes, twice);
          await attacked.say(late.map(by(saboteur, at(980))));

          expect(attacked.stored()).toEqual(honest.stored());
          const believed = [...predictions, ...truths, ...(isSinceFlood ? early : [])];
          expect(rounded(await attacked.performance())).toEqual(rounded(oracleOfEvents(believed, model).performance));
          expect(await attacked.restatements()).toMatchObject([{ status: 'completed', bucketsDone: buckets }]);
        },
      ),
      { numRuns: 100 },
    ));

  const flights = Array.from({ length: 240 }, (_, i) => ({ id: `flight ${i}`, isLate: i % 4 === 0 }));
  const predictions = flights.map(({ id, isLate }) => predicted(id, { score: isLate ? 0.75 : 0.125 }));
  const honest = flights.map(({ id, isLate }) => observed(id, { label: isLate ? 1 : 0 }));
  const flipped = flights.map(({ id, isLate }) => observed(id, { label: isLate ? 0 : 1, observedAt: at(130) }));
  const by = (writer: string) => (event: PackedEvent) => ({ event, writer, arrivedAt: at(180) });

  async function skillIn(runway: World): Promise<number> {
    const points = Object.values(await runway.performance()).map(({ performance }) => performance);
    return Number(Object(metricsOf(mergeAllPerformance(points)!).values).logLossSkill);
  }

  it('break a model that is well, until they are excluded; then it is evaluated anew', async () => {
    const runway = await world();
    await runway.say([...predictions, ...honest].map(by(gate)));
    const well = await skillIn(runway);
    await runway.say(flipped.map(by(saboteur)));
    expect(well).toBeGreaterThan(0.4);
    expect(await skillIn(runway)).toBeLessThan(-0.4);

    await runway.distrust();
    expect(runway.scans.shards).toEqual([]);
    await runway.restate();
    expect(await skillIn(runway)).toBe(well);
    expect(runway.scans.shards).toEqual([{ now: at(970), modelIds: ['late-live'] }]);
    expect(await restatedDays(runway.events, at(970))).toEqual({ from: '2001-01-21', to: '2001-01-22' });
    expect(await restatedDays(runway.events, at(971))).toBeUndefined();
    expect(await batchRuns(runway, at(1_440), 90)).toEqual([
      ['daily-20010123060000000', {}],
      ['restated-2001-01-21-20010123060000000', { range: { from: '2001-01-21', to: '2001-01-22' } }],
    ]);
    expect(await batchRuns(runway, at(5 * 1_440), 90)).toEqual([['daily-20010127060000000', {}]]);
    // What was joined of days whose raw events are gone is the only truth there is.
    expect(await batchRuns(runway, at(1_440), 2)).toMatchObject([{}, ['restated-2001-01-22-20010123060000000', {}]]);
    const commits = await runway.events.commits(writerStream(saboteur), { afterVersion: 0, limit: 10 });
    expect(commits.at(-1)?.events).toMatchObject([
      { type: 'RestatementsStarted', models: 1, days: { from: '2001-01-21', to: '2001-01-22' } },
    ]);
    expect(await runway.restatements()).toMatchObject([
      { modelId: 'late-live', revision: 1, status: 'completed', hours: buckets, days: { to: '2001-01-22' } },
    ]);
  });

  it('count again when the distrust is taken back', async () => {
    const runway = await world();
    await runway.say([...predictions.map(by(gate)), ...flipped.map(by(saboteur))]);
    const before = runway.stored();
    await runway.distrust();
    await runway.restate();
    expect(runway.stored()).not.toEqual(before);
    await runway.trust(1);
    await runway.restate();
    expect(runway.stored()).toEqual(before);
    expect((await runway.restatements()).map(({ revision }) => revision)).toEqual([2, 1]);
  });

  it('are restated once for two changes in a row, after the second', async () => {
    const runway = await world();
    await runway.say([...predictions.map(by(gate)), ...flipped.map(by(saboteur))]);
    await runway.distrust({ from: at(600) });
    await runway.distrust();
    await runway.restate();
    expect((await runway.restatements()).map(({ revision }) => revision)).toEqual([2]);
    expect(Object.values(await runway.performance()).map(({ performance }) => performance.n)).toEqual([0]);
  });

  it('are restated although every message is lost', async () => {
    const runway = await world();
    await runway.say([...predictions.map(by(gate)), ...flipped.map(by(saboteur))]);
    await runway.distrust();
    runway.queue.messages.length = 0;
    expect(await runway.resume()).toBe(1);
    await continueRestatementsOnce(runway);
    runway.queue.messages.length = 0;
    expect(await runway.resume()).toBe(1);
    await runway.restate();
    expect(await runway.restatements()).toMatchObject([{ status: 'completed' }]);
    expect(await runway.resume()).toBe(0);
  });
});

/** Names and inputs of the runs of the batch join that its schedule starts. */
async function batchRuns({ events }: World, now: string, rawRetentionDays: number) {
  const started: [name: string, input: unknown][] = [];
  const workflows = { start: async (_: string, name: string, input: unknown) => void started.push([name, input]) };
  await startBatchRuns({ events, workflows }, { now, rawRetentionDays });
  return started;
}

/** Begins, and goes no further. */
async function continueRestatementsOnce({ events, queue }: World): Promise<void> {
  const [message] = queue.messages.splice(0);
  if (message === undefined || 'restatementId' in message) throw new Error('nothing is to begin');
  await startRestatements({ events, queue }, message, at(970));
}

describe('what a span of arrivals can be about', () => {
  const reach = { windowMinutes: 600, earliest: '2001-01-01T00:00:00.000Z', now: at(0) };

  it('are the days until its hours were sealed, none before the model or after now', () => {
    // Ten hours of window, seven days of grace and the hour itself before six in the morning of the 22nd.
    expect(affectedDays({ from: morning }, reach)).toEqual({ from: '2001-01-14', to: '2001-01-22' });
    expect(affectedDays({ to: '2001-01-20T00:00:00.000Z' }, reach)).toEqual({ from: '2001-01-01', to: '2001-01-20' });
    expect(affectedDays({}, { ...reach, earliest: at(-60) })).toEqual({ from: '2001-01-22', to: '2001-01-22' });
    expect(affectedDays({ to: '2000-01-20T00:00:00.000Z' }, reach)).toBeUndefined();
  });

  it('are told to the batch layer once, for all models together', () => {
    const [first, second] = [
      { from: '2001-01-14', to: '2001-01-22' },
      { from: '2001-01-10', to: '2001-01-20' },
    ];
    expect(rangeOfBoth(first, second)).toEqual({ from: '2001-01-10', to: '2001-01-22' });
    expect(rangeOfBoth(second, first)).toEqual({ from: '2001-01-10', to: '2001-01-22' });
    expect(rangeOfBoth(undefined, first)).toBe(first);
    expect(rangeOfBoth(first, undefined)).toBe(first);
  });

  it('are joined again in pieces, as far as raw events are kept', () => {
    const range = { from: '2001-01-10', to: '2001-01-22' };
    expect(piecesOf(range, { earliest: '2000-12-01', days: 60 })).toEqual([range]);
    expect(piecesOf(range, { earliest: '2001-01-12', days: 5 })).toEqual([
      { from: '2001-01-12', to: '2001-01-16' },
      { from: '2001-01-17', to: '2001-01-21' },
      { from: '2001-01-22', to: '2001-01-22' },
    ]);
    expect(piecesOf(range, { earliest: '2001-01-23', days: 60 })).toEqual([]);
  });

  it('is restated by the hour as far as segments are kept', () => {
    const hours = restatedHours({ from: '2001-01-01', to: '2001-01-22' }, { windowMinutes: 600, now: at(0) });
    // Fifteen days, eleven hours: window, grace of arrival and of reading.
    expect(hours.at(0)).toBe('2001-01-06T20');
    expect(hours.at(-1)).toBe('2001-01-22T07');
  });
});
