import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLineageEvent } from '../../../../shared/domain/graph/openlineage/lineage-event.ts';
import { applyLineage, type LineagePorts } from '../../../../shared/use-cases/graph/openlineage/apply-lineage.ts';
import { applyAll, emptyGraph, factsIn, now } from './graph-of.ts';

const name = fc.constantFrom('a', 'b', 'c');
const facets = fc.record(
  {
    documentation: fc.constantFrom('one', 'two').map((description) => ({ description })),
    datasetType: fc.constantFrom('MODEL', 'TABLE').map((datasetType) => ({ datasetType })),
    version: fc.constantFrom('1', '2').map((datasetVersion) => ({ datasetVersion })),
    symlinks: fc.oneof(
      fc.constant({ _deleted: true }),
      name.map((other) => ({ identifiers: [{ namespace: 's3://lake', name: other, type: 'TABLE' }] })),
    ),
    schema: fc.uniqueArray(name).map((fields) => ({ fields: fields.map((field) => ({ name: field, type: 'int' })) })),
    lifecycleStateChange: fc.constantFrom('DROP', 'CREATE').map((lifecycleStateChange) => ({ lifecycleStateChange })),
    dataQualityMetrics: fc
      .integer({ min: 1, max: 3 })
      .map((rowCount) => ({ rowCount, columnMetrics: { a: { nullCount: 1 } } })),
    dataQualityAssertions: fc.oneof(
      { weight: 1, arbitrary: fc.constant({ _deleted: true }) },
      {
        weight: 4,
        arbitrary: fc
          .array(fc.record({ assertion: name, success: fc.boolean() }), { minLength: 1, maxLength: 2 })
          .map((assertions) => ({ assertions })),
      },
    ),
    lineage: fc.uniqueArray(name).map((inputs) => ({ inputs: inputs.map(inputOf) })),
  },
  { requiredKeys: [] },
);
const inputOf = (dataset: string) => ({ namespace: 's3://lake', name: dataset, type: 'DATASET' });
const dataset = fc.record({ namespace: fc.constant('s3://lake'), name, facets });
const job = fc.record({
  namespace: fc.constant('airflow://prod'),
  name: fc.constantFrom('j', 'k'),
  facets: fc.record(
    {
      ownership: fc.constantFrom('team:x', 'user:y').map((owner) => ({ owners: [{ name: owner }] })),
      lineage: fc
        .array(fc.tuple(name, fc.uniqueArray(name)), { maxLength: 2 })
        .map((entries) => ({ entries: entries.map(([to, from]) => ({ ...inputOf(to), inputs: from.map(inputOf) })) })),
    },
    { requiredKeys: [] },
  ),
});
const eventTime = fc
  .integer({ min: 0, max: 30 })
  .map((minute) => new Date(Date.UTC(2025, 0, 1, 0, minute)).toISOString());
const datasets = fc.array(dataset, { maxLength: 2 });
const runId = fc.integer({ min: 10, max: 35 }).map((number) => `0f1e2d3c-0000-4000-8000-0000000000${number}`);
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      eventTime,
      eventType: fc.constantFrom('START', 'RUNNING', 'COMPLETE', 'FAIL'),
      run: fc.record({
        runId,
        facets: fc.oneof(
          fc.constant({}),
          runId.map((parent) => ({
            parent: { run: { runId: parent }, job: { namespace: 'airflow://prod', name: 'j' } },
          })),
          fc.constant({ test: { tests: [{ name: 'check', status: 'pass' }] } }),
        ),
      }),
      job,
      inputs: datasets,
      outputs: datasets,
    }),
  },
  { weight: 1, arbitrary: fc.record({ eventTime, job, inputs: datasets, outputs: datasets }) },
  { weight: 1, arbitrary: fc.record({ eventTime, dataset }) },
);
/** The events, and an order in which they come, some of them more than once, in deliveries of several. */
const deliveries = fc.array(event, { minLength: 1, maxLength: 14 }).chain((events) =>
  fc.record({
    events: fc.constant(events),
    order: fc
      .tuple(
        fc.shuffledSubarray([...events.keys()], { minLength: events.length }),
        fc.array(fc.nat({ max: events.length - 1 }), { maxLength: 5 }),
      )
      .map(([all, again]) => [...again.slice(0, 2), ...all, ...again.slice(2)]),
    size: fc.integer({ min: 1, max: 4 }),
  }),
);

function batchesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

async function factsAfter(batches: readonly (readonly unknown[])[], deliver: typeof applyAll = applyAll) {
  const ports = emptyGraph();
  await deliver(ports, batches);
  return comparable(await factsIn(ports));
}

// When something was first described depends on who told it first.
function comparable({ entities, edges }: Awaited<ReturnType<typeof factsIn>>) {
  return { entities: [...entities.values()].toSorted((a, b) => (a.uri < b.uri ? -1 : 1)), edges };
}

describe('the graph of some events', () => {
  test('is the same in every order, however often each comes and with which others', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ events, order, size }) => {
        const expected = await factsAfter([events]);
        const delivered = batchesOf(
          order.map((index) => events[index]),
          size,
        );
        expect(await factsAfter(delivered)).toEqual(expected);
      }),
      { numRuns: 60, seed: 46 },
    );
  });

  test('is the same when two workers apply them at once', async () => {
    const atOnce: typeof applyAll = async (ports, batches) => {
      await Promise.all(batches.map((batch) => untilDone(() => applyAll(ports, [batch]))));
    };
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ events, order, size }) => {
        const expected = await factsAfter([events]);
        const delivered = batchesOf(
          order.map((index) => events[index]),
          Math.max(size, Math.ceil(order.length / 2)),
        );
        expect(await factsAfter(delivered, atOnce)).toEqual(expected);
      }),
      { numRuns: 40, seed: 46 },
    );
  });

  test('is the same when a worker stops at any call and its message comes again, after others', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, fc.nat({ max: 40 }), async ({ events, size }, stopAt) => {
        const expected = await factsAfter([events]);
        const ports = emptyGraph();
        const [first = [], ...others] = batchesOf(events, size);
        await apply(stoppedAt(ports, stopAt), first).catch(() => undefined);
        await applyAll(ports, [...others, first]);
        expect(comparable(await factsIn(ports))).toEqual(expected);
      }),
      { numRuns: 60, seed: 46 },
    );
  });
});

async function apply(ports: LineagePorts, batch: readonly unknown[]): Promise<void> {
  const parsed = batch.map(parseLineageEvent).filter((each) => each !== undefined);
  await applyLineage(ports, parsed, now);
}

/** As a queue would: what fails comes again. */
async function untilDone(attempt: () => Promise<void>): Promise<void> {
  for (let left = 20; left > 0; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 1) throw error;
    }
  }
}

/** The call of that number, and every later one, throws: half of them after they were done. */
function stoppedAt({ graph, states }: ReturnType<typeof emptyGraph>, stopAt: number): LineagePorts {
  let calls = 0;
  const counted =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls += 1;
      if (calls > stopAt) throw new Error('stopped');
      const result = await call(...args);
      if (calls === stopAt && stopAt % 2 === 0) throw new Error('stopped');
      return result;
    };
  return {
    graph: { getMany: counted(graph.getMany), putMany: counted(graph.putMany) },
    states: { getMany: counted(states.getMany), put: counted(states.put) },
  };
}
