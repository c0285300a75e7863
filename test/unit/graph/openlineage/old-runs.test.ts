import { describe, expect, test } from 'vitest';
import { createMemoryEnrichmentProgress } from '../../../../shared/adapters/memory/memory-enrichment-progress.ts';
import { createMemoryOverrideExpiries } from '../../../../shared/adapters/memory/memory-override-expiries.ts';
import { recordOf } from '../../../../shared/domain/graph/entity-record.ts';
import { parseLineageEvent } from '../../../../shared/domain/graph/openlineage/lineage-event.ts';
import { contributionId } from '../../../../shared/domain/graph/provider-contribution.ts';
import { dayMillis, toInstant } from '../../../../shared/domain/time.ts';
import { enrichGraph } from '../../../../shared/use-cases/graph/enrich-graph.ts';
import { makeStatements } from '../../../../shared/use-cases/graph/make-statements.ts';
import { applyLineage } from '../../../../shared/use-cases/graph/openlineage/apply-lineage.ts';
import { createStoredView } from '../../../support/stored-view.ts';
import { emptyGraph, factsIn, lake, now, pipeline, runEvent } from './graph-of.ts';

const daysOn = (days: number) => toInstant(Date.parse(now) + days * dayMillis);
const runId = (number: number) => `0f1e2d3c-0000-4000-8000-${String(number).padStart(12, '0')}`;
const run = (number: number) => `aip://pipeline-run/openlineage/${runId(number)}`;

function world() {
  const ports = emptyGraph();
  const enrichment = {
    graph: ports.graph,
    view: createStoredView(ports.graph),
    progress: createMemoryEnrichmentProgress(),
    expiries: createMemoryOverrideExpiries(),
  };
  return {
    ...ports,
    tell: (days: number, ...events: readonly unknown[]) =>
      applyLineage(
        ports,
        events.map(parseLineageEvent).filter((event) => event !== undefined),
        daysOn(days),
      ),
    /** The daily look at everything. */
    pass: async (days: number) => (await enrichGraph(enrichment, daysOn(days))).retired,
    /** Runs that are there, to whoever looks. */
    runs: async () => {
      const view = await enrichment.view();
      const isThere = (uri: string) => recordOf(uri, view.descriptions(uri)).state !== 'tombstone';
      return [...view.uris()].filter((uri) => uri.includes('-run/') && isThere(uri)).toSorted();
    },
  };
}

describe('a run that ended', () => {
  test('is kept for ninety days after it was last heard of, and then as a tombstone', async () => {
    const { tell, pass, runs, graph } = world();
    await tell(0, runEvent({ runId: runId(1), inputs: ['a'], outputs: ['b'] }));
    await tell(30, runEvent({ runId: runId(2), inputs: ['a'], outputs: ['b'] }));
    expect(await pass(90)).toBe(0);
    expect(await pass(91)).toBe(1);
    expect(await runs()).toEqual([run(2)]);
    const stored = await graph.get(contributionId('openlineage', run(1)));
    expect(stored?.contribution.entities).toMatchObject([
      { attributes: { status: 'completed' }, removedAt: daysOn(91) },
    ]);
    expect(await pass(92)).toBe(0);
  });

  test('leaves what its job reads and makes as it is', async () => {
    const { tell, pass, graph } = world();
    await tell(0, runEvent({ runId: runId(1), inputs: ['a'], outputs: ['b'] }));
    await pass(200);
    expect((await factsIn({ graph })).edges).toEqual([
      `${lake('b')} producedBy ${pipeline('etl')}`,
      `${pipeline('etl')} consumes ${lake('a')}`,
    ]);
  });

  test('takes its tests along, and nobody else’s claims', async () => {
    const { tell, pass, graph } = world();
    const tests = [{ name: 'auc', status: 'pass' }];
    await tell(0, runEvent({ inputs: ['m'], run: { runId: runId(1), facets: { test: { tests } } } }));
    const statement = { subject: run(1), edges: [{ type: 'runOf', to: 'aip://pipeline/dagster/etl' }] } as const;
    await makeStatements(graph, { provider: 'dagster', statements: [statement], now });
    expect(await pass(91)).toBe(2);
    const evaluation = await graph.get(contributionId('openlineage', `aip://evaluation/openlineage/${runId(1)}/auc`));
    expect(evaluation?.contribution.entities).toMatchObject([{ removedAt: daysOn(91) }]);
    const { edges } = await factsIn({ graph });
    expect(edges).toContain(`${run(1)} runOf aip://pipeline/dagster/etl`);
  });

  test('stays while a version of a model comes from it, and so does the run that started it', async () => {
    const { tell, pass, runs } = world();
    const facets = { datasetType: { datasetType: 'MODEL' }, version: { datasetVersion: '42' } };
    const parent = { run: { runId: runId(9) }, job: { namespace: 'airflow://prod', name: 'dag' } };
    await tell(
      0,
      runEvent({ job: 'dag', runId: runId(9) }),
      runEvent({
        job: 'train',
        run: { runId: runId(1), facets: { parent } },
        outputs: [{ namespace: 's3://lake', name: 'ranker', facets }],
      }),
      runEvent({ job: 'score', run: { runId: runId(2), facets: { parent } }, inputs: ['ranker'] }),
    );
    await pass(400);
    await pass(401);
    expect(await runs()).toEqual([run(1), run(9)]);
  });

  test('lets the run that started it go a day later', async () => {
    const { tell, pass, runs } = world();
    const parent = { run: { runId: runId(9) } };
    await tell(
      0,
      runEvent({ job: 'dag', runId: runId(9) }),
      runEvent({ run: { runId: runId(1), facets: { parent } } }),
    );
    await pass(91);
    expect(await runs()).toEqual([run(9)]);
    await pass(92);
    expect(await runs()).toEqual([]);
  });

  test('is there again when something new is heard of it', async () => {
    const { tell, pass, runs } = world();
    await tell(0, runEvent({ runId: runId(1) }));
    await pass(91);
    await tell(92, runEvent({ runId: runId(1), eventType: 'FAIL' }));
    await pass(93);
    expect(await runs()).toEqual([run(1)]);
    await pass(183);
    expect(await runs()).toEqual([]);
  });
});

test('a run of which no end was heard is kept for a year', async () => {
  const { tell, pass, runs } = world();
  await tell(0, runEvent({ runId: runId(1), eventType: 'START' }));
  await pass(365);
  expect(await runs()).toEqual([run(1)]);
  await pass(366.5);
  expect(await runs()).toEqual([]);
});
