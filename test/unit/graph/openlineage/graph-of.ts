import { createMemoryGraphStore } from '../../../../shared/adapters/memory/memory-graph-store.ts';
import { createMemoryLineageStateStore } from '../../../../shared/adapters/memory/memory-lineage-state-store.ts';
import { parseLineageEvent } from '../../../../shared/domain/graph/openlineage/lineage-event.ts';
import { applyLineage, type LineagePorts } from '../../../../shared/use-cases/graph/openlineage/apply-lineage.ts';

export const now = '2026-01-01T00:00:00.000Z';

export function emptyGraph() {
  return { graph: createMemoryGraphStore(), states: createMemoryLineageStateStore() };
}

/** Each batch as one delivery. */
export async function applyAll(ports: LineagePorts, batches: readonly (readonly unknown[])[]): Promise<void> {
  for (const batch of batches) {
    const events = batch.map(parseLineageEvent).filter((event) => event !== undefined);
    await applyLineage(ports, events, now);
  }
}

/** What holds at present: `uri` with what is said of it, `from type to`. */
export async function factsIn({ graph }: Pick<ReturnType<typeof emptyGraph>, 'graph'>) {
  const { contributions } = await graph.all();
  const entities = new Map(
    contributions
      .flatMap(({ contribution }) => contribution.entities)
      .filter(({ removedAt }) => removedAt === undefined)
      .map((entity) => [entity.uri, entity]),
  );
  const edges = contributions
    .flatMap(({ contribution }) => contribution.claims)
    .filter(({ validTo }) => validTo === undefined)
    .map(({ from, type, to }) => `${from} ${type} ${to}`)
    .toSorted();
  return { entities, edges };
}

export async function factsOf(...batches: readonly (readonly unknown[])[]) {
  const ports = emptyGraph();
  await applyAll(ports, batches);
  return factsIn(ports);
}

let minutes = 0;

/** A RunEvent, a minute after the one before; `inputs` and `outputs` by name in `s3://lake`. */
export function runEvent({
  job = 'etl',
  runId = '0f1e2d3c-0000-4000-8000-000000000001',
  inputs = [],
  outputs = [],
  ...rest
}: {
  readonly job?: string;
  readonly runId?: string;
  readonly inputs?: readonly unknown[];
  readonly outputs?: readonly unknown[];
  readonly [more: string]: unknown;
}) {
  minutes += 1;
  return {
    eventType: 'COMPLETE',
    eventTime: new Date(Date.parse('2025-06-01T00:00:00Z') + minutes * 60_000).toISOString(),
    producer: 'https://example.com/producer',
    run: { runId },
    job: { namespace: 'airflow://prod', name: job },
    inputs: inputs.map(inLake),
    outputs: outputs.map(inLake),
    ...rest,
  };
}

export function inLake(dataset: unknown) {
  return typeof dataset === 'string' ? { namespace: 's3://lake', name: dataset } : dataset;
}

export const lake = (name: string, type = 'dataset') => `aip://${type}/openlineage/s3%3A//lake/${name}`;
export const pipeline = (name: string) => `aip://pipeline/openlineage/airflow%3A//prod/${name}`;
