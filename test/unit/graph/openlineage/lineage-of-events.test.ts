import { describe, expect, test } from 'vitest';
import { factsOf, inLake, lake, pipeline, runEvent } from './graph-of.ts';

const runId = (number: number) => `0f1e2d3c-0000-4000-8000-${String(number).padStart(12, '0')}`;
const withFacets = (name: string, facets: object) => ({ namespace: 's3://lake', name, facets });
const upstream = (edges: readonly string[], from: string) =>
  edges
    .filter((edge) => edge.startsWith(`${from} `) && !edge.includes(' ownedBy '))
    .map((edge) => edge.slice(from.length + 1));

describe('a run', () => {
  test('reads its inputs, belongs to its job and was started by its parent', async () => {
    const parent = { run: { runId: runId(9) }, job: { namespace: 'airflow://prod', name: 'dag' } };
    const { edges } = await factsOf([
      runEvent({ inputs: ['a'], outputs: ['b'], run: { runId: runId(1), facets: { parent } } }),
    ]);
    const run = (number: number) => `aip://pipeline-run/openlineage/${runId(number)}`;
    expect(edges).toEqual(
      [
        `${lake('b')} producedBy ${pipeline('etl')}`,
        `${run(1)} consumes ${lake('a')}`,
        `${run(1)} runOf ${pipeline('etl')}`,
        `${run(1)} triggeredBy ${run(9)}`,
        `${run(9)} runOf ${pipeline('dag')}`,
        `${pipeline('etl')} consumes ${lake('a')}`,
      ].toSorted(),
    );
  });

  test('has the status of its last terminal event, whichever came last', async () => {
    const start = runEvent({ eventType: 'START', inputs: ['a'] });
    const fail = runEvent({ eventType: 'FAIL', outputs: ['b'] });
    for (const order of [
      [start, fail],
      [fail, start],
    ]) {
      const { entities } = await factsOf(...order.map((event) => [event]));
      const { attributes } = entities.get(`aip://pipeline-run/openlineage/${start.run.runId}`) ?? {};
      expect(attributes).toMatchObject({
        status: 'failed',
        startedAt: start.eventTime,
        endedAt: fail.eventTime,
      });
    }
  });

  test('that was tested has an evaluation for each test, about what it made', async () => {
    const tests = [{ name: 'auc above 0.7', status: 'pass', type: 'auc', actual: '0.83', expected: '0.7' }];
    const { entities, edges } = await factsOf([
      runEvent({ outputs: ['model'], run: { runId: runId(1), facets: { test: { tests } } } }),
    ]);
    const uri = `aip://evaluation/openlineage/${runId(1)}/auc%20above%200.7`;
    expect(entities.get(uri)?.attributes).toMatchObject({ metric: 'auc', value: 0.83, status: 'pass' });
    expect(edges).toContain(`${uri} evaluates ${lake('model')}`);
  });
});

describe('a job', () => {
  test('reads what any of its last ten runs read, and no longer what they have stopped reading', async () => {
    const old = runEvent({ runId: runId(1), inputs: ['old'], outputs: ['b'] });
    const later = Array.from({ length: 10 }, (_, i) =>
      runEvent({ runId: runId(i + 2), inputs: ['new'], outputs: ['b'] }),
    );
    const nine = await factsOf([old, ...later.slice(0, 9)]);
    expect(nine.edges).toContain(`${pipeline('etl')} consumes ${lake('old')}`);
    const ten = await factsOf([old, ...later]);
    expect(upstream(ten.edges, pipeline('etl'))).toEqual([`consumes ${lake('new')}`]);
  });

  test('no longer makes what its last ten runs have not made', async () => {
    const old = runEvent({ runId: runId(1), outputs: ['old'] });
    const later = Array.from({ length: 10 }, (_, i) => runEvent({ runId: runId(i + 2), outputs: ['new'] }));
    const { edges } = await factsOf(...[old, ...later].map((event) => [event]));
    expect(upstream(edges, lake('old'))).toEqual([]);
    expect(upstream(edges, lake('new'))).toEqual([`producedBy ${pipeline('etl')}`]);
  });

  test('has exactly the edges of a later JobEvent, however late the runs before it come', async () => {
    const run = runEvent({ inputs: ['a'], outputs: ['b', 'c'] });
    const { run: _, eventType: __, ...declared } = runEvent({ inputs: ['x'], outputs: ['c'] });
    for (const order of [
      [run, declared],
      [declared, run],
    ]) {
      const { edges } = await factsOf(...order.map((event) => [event]));
      expect(upstream(edges, pipeline('etl'))).toEqual([`consumes ${lake('x')}`]);
      expect(upstream(edges, lake('b'))).toEqual([]);
      expect(upstream(edges, lake('c'))).toEqual([`producedBy ${pipeline('etl')}`]);
    }
  });

  test('is owned by teams, people and services, by prefix', async () => {
    const owners = ['team:ranking', 'user:ada', 'application:loader', 'grace@example.com', 'ops'].map((name) => ({
      name,
    }));
    const job = { namespace: 'airflow://prod', name: 'etl', facets: { ownership: { owners } } };
    const { edges } = await factsOf([runEvent({ job: 'etl' }), { ...runEvent({}), job }]);
    expect(edges.filter((edge) => edge.includes('ownedBy')).map((edge) => edge.split(' ').at(-1))).toEqual([
      'aip://person/registry/ada',
      'aip://person/registry/grace%40example.com',
      'aip://service/registry/loader',
      'aip://team/registry/ops',
      'aip://team/registry/ranking',
    ]);
  });
});

describe('explicit lineage', () => {
  const entry = (target: string, ...sources: string[]) => ({
    namespace: 's3://lake',
    name: target,
    type: 'DATASET',
    inputs: sources.map((name) => ({ namespace: 's3://lake', name, type: 'DATASET' })),
  });
  const job = (...entries: unknown[]) => ({
    namespace: 'airflow://prod',
    name: 'etl',
    facets: { lineage: { entries } },
  });

  test('stands in place of every input feeding every output', async () => {
    const { edges } = await factsOf([
      { ...runEvent({ inputs: ['a', 'b'], outputs: ['c', 'd'] }), job: job(entry('c', 'a'), entry('d', 'b')) },
    ]);
    expect(upstream(edges, lake('c'))).toEqual([`derivedFrom ${lake('a')}`, `producedBy ${pipeline('etl')}`]);
    expect(upstream(edges, lake('d'))).toEqual([`derivedFrom ${lake('b')}`, `producedBy ${pipeline('etl')}`]);
    expect(upstream(edges, pipeline('etl'))).toEqual([]);
  });

  test('without a source says that there is none', async () => {
    const { edges } = await factsOf([{ ...runEvent({ inputs: ['a'], outputs: ['c'] }), job: job(entry('c')) }]);
    expect(upstream(edges, lake('c'))).toEqual([`producedBy ${pipeline('etl')}`]);
    expect(upstream(edges, pipeline('etl'))).toEqual([]);
  });

  test('feeds a job from another job', async () => {
    const source = { namespace: 'airflow://prod', name: 'extract', type: 'JOB' };
    const { edges } = await factsOf([{ ...runEvent({}), job: job({ type: 'JOB', inputs: [source] }) }]);
    expect(upstream(edges, pipeline('etl'))).toEqual([`consumes ${pipeline('extract')}`]);
  });

  test('of a DatasetEvent replaces what the one before said', async () => {
    const view = (...sources: string[]) => {
      const { eventTime } = runEvent({});
      const { inputs } = entry('view', ...sources);
      return { eventTime, dataset: withFacets('view', { lineage: { inputs } }) };
    };
    const [before, after] = [view('a', 'b'), view('b')];
    for (const order of [
      [before, after],
      [after, before],
    ]) {
      const { edges } = await factsOf(...order.map((event) => [event]));
      expect(upstream(edges, lake('view'))).toEqual([`derivedFrom ${lake('b')}`]);
    }
  });
});

describe('a dataset', () => {
  test('has the columns of its schema, each from the columns it was made from', async () => {
    const fields = { total: { inputFields: [{ namespace: 's3://lake', name: 'a', field: 'amount' }] } };
    const schema = {
      fields: [
        { name: 'total', type: 'double' },
        { name: 'day', type: 'date' },
      ],
    };
    const output = withFacets('b', { schema, columnLineage: { fields } });
    const { entities, edges } = await factsOf([runEvent({ inputs: ['a'], outputs: [output] })]);
    expect(entities.get(lake('b'))?.attributes).toMatchObject({ columnCount: 2 });
    expect(entities.get(lake('b/total', 'column'))).toMatchObject({
      name: 'total',
      attributes: { dataType: 'double' },
    });
    expect(upstream(edges, lake('b/total', 'column'))).toEqual([
      `derivedFrom ${lake('a/amount', 'column')}`,
      `partOf ${lake('b')}`,
    ]);
  });

  test('loses a column that its schema no longer has', async () => {
    const of = (...names: string[]) => withFacets('b', { schema: { fields: names.map((name) => ({ name })) } });
    const { entities } = await factsOf([runEvent({ outputs: [of('x', 'y')] })], [runEvent({ outputs: [of('y')] })]);
    expect(entities.has(lake('b/x', 'column'))).toBe(false);
    expect(entities.has(lake('b/y', 'column'))).toBe(true);
  });

  test('is another name of the one that says so, until that is taken back', async () => {
    const symlinks = { identifiers: [{ namespace: 'arn:aws:glue:eu:1', name: 'table/db/t', type: 'TABLE' }] };
    const table = 'aip://dataset/openlineage/arn%3Aaws%3Aglue%3Aeu%3A1/table/db/t';
    const said = runEvent({ outputs: [withFacets('t', { symlinks })] });
    expect((await factsOf([said])).edges).toContain(`${table} aliasOf ${lake('t')}`);
    const back = runEvent({ outputs: [withFacets('t', { symlinks: { _deleted: true } })] });
    for (const order of [
      [said, back],
      [back, said],
    ]) {
      const { edges } = await factsOf(...order.map((event) => [event]));
      expect(edges.filter((edge) => edge.includes('aliasOf'))).toEqual([]);
    }
  });

  test('and another that name each other have one canonical name', async () => {
    const named = (name: string, other: string) =>
      withFacets(name, { symlinks: { identifiers: [{ namespace: 's3://lake', name: other, type: 'TABLE' }] } });
    const { edges } = await factsOf([runEvent({ outputs: [named('a', 'b'), named('b', 'a')] })]);
    expect(edges.filter((edge) => edge.includes('aliasOf'))).toEqual([`${lake('b')} aliasOf ${lake('a')}`]);
  });

  test('that was dropped is gone until it is written again', async () => {
    const drop = { lifecycleStateChange: { lifecycleStateChange: 'DROP' } };
    const written = runEvent({ outputs: ['b'] });
    const dropped = runEvent({ outputs: [withFacets('b', drop)] });
    const again = runEvent({ outputs: ['b'] });
    expect((await factsOf([written], [dropped])).entities.has(lake('b'))).toBe(false);
    for (const order of [
      [written, dropped, again],
      [again, written, dropped],
    ])
      expect((await factsOf(...order.map((event) => [event]))).entities.has(lake('b'))).toBe(true);
  });

  test('of type MODEL is a model with versions, whoever reads it without saying so', async () => {
    const model = withFacets('ranker', { datasetType: { datasetType: 'MODEL' }, version: { datasetVersion: '42' } });
    const train = runEvent({ job: 'train', runId: runId(1), inputs: ['rows'], outputs: [model] });
    const score = runEvent({ job: 'score', runId: runId(2), inputs: ['ranker'], outputs: ['scores'] });
    for (const order of [
      [train, score],
      [score, train],
    ]) {
      const { entities, edges } = await factsOf(...order.map((event) => [event]));
      expect(entities.get(lake('ranker', 'model'))?.name).toBe('ranker');
      expect(upstream(edges, lake('ranker', 'model'))).toEqual([`producedBy ${pipeline('train')}`]);
      expect(upstream(edges, lake('ranker'))).toEqual([`aliasOf ${lake('ranker', 'model')}`]);
      expect(upstream(edges, lake('ranker/42', 'model-version'))).toEqual([
        `producedBy aip://pipeline-run/openlineage/${runId(1)}`,
        `versionOf ${lake('ranker', 'model')}`,
      ]);
    }
  });

  test('is one under all spellings of its name', async () => {
    const { entities } = await factsOf([
      runEvent({ outputs: [{ namespace: 'S3A://Lake/', name: '/rows/' }], inputs: [inLake('rows')] }),
    ]);
    expect([...entities.keys()].filter((uri) => uri.startsWith('aip://dataset'))).toEqual([lake('rows')]);
  });

  test('keeps what an event does not mention', async () => {
    const documentation = { description: 'orders by day' };
    const { entities } = await factsOf(
      [runEvent({ outputs: [withFacets('b', { documentation, tags: { tags: [{ key: 'pii', value: 'no' }] } })] })],
      [runEvent({ outputs: ['b'] })],
    );
    expect(entities.get(lake('b'))).toMatchObject({ description: 'orders by day', tags: ['pii::no'] });
  });
});
