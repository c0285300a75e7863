import { describe, expect, test } from 'vitest';
import { emptyDataset, mergeStates } from '../../../../shared/domain/graph/openlineage/lineage-state.ts';
import { readableSql } from '../../../../shared/domain/graph/openlineage/without-credentials.ts';
import { factsOf, lake, pipeline, runEvent } from './graph-of.ts';

const runId = (number: number) => `0f1e2d3c-0000-4000-8000-${String(number).padStart(12, '0')}`;
const run = (number: number) => `aip://pipeline-run/openlineage/${runId(number)}`;
const dataset = (more: object) => ({ namespace: 's3://lake', name: 'orders', ...more });
const check = (assertion: string, column: string | undefined, success: boolean, more = {}) => ({
  assertion,
  success,
  ...(column !== undefined && { column }),
  ...more,
});
const checked = (number: number, ...assertions: readonly unknown[]) =>
  runEvent({
    job: 'dbt',
    runId: runId(number),
    inputs: [dataset({ facets: { dataQualityAssertions: { assertions } } })],
  });
const evaluation = (id: string) => lake(`orders/${id}`, 'evaluation');

describe('a dataset that was measured', () => {
  const metrics = {
    rowCount: 8,
    bytes: 5_000_000_000,
    columnMetrics: { amount: { nullCount: 1 }, city: { nullCount: 3 }, id: { nullCount: 0 }, odd: { nullCount: 9 } },
  };
  const measured = runEvent({
    runId: runId(1),
    inputs: [dataset({ inputFacets: { dataQualityMetrics: metrics } })],
  });

  test('says how many rows it has, and which columns are null how often, as of which run', async () => {
    const { entities } = await factsOf([measured]);
    expect(entities.get(lake('orders'))?.attributes).toEqual({
      rowCount: 8,
      bytes: 5_000_000_000,
      nullRatios: ['city 0.375', 'amount 0.125'],
      measuredAt: measured.eventTime,
      measuredBy: run(1),
    });
  });

  test('has the figures of the later run, whichever is told first; what a run wrote is told apart', async () => {
    const written = runEvent({
      runId: runId(2),
      outputs: [dataset({ outputFacets: { outputStatistics: { rowCount: 2, size: 20, fileCount: 1 } } })],
    });
    const again = runEvent({
      runId: runId(3),
      inputs: [dataset({ inputFacets: { dataQualityMetrics: { rowCount: 10, columnMetrics: {} } } })],
    });
    for (const order of [
      [measured, written, again],
      [again, written, measured],
    ]) {
      const { entities } = await factsOf(...order.map((event) => [event]));
      expect(entities.get(lake('orders'))?.attributes).toEqual({
        rowCount: 10,
        measuredAt: again.eventTime,
        measuredBy: run(3),
        rowsWritten: 2,
        bytesWritten: 20,
        writtenAt: written.eventTime,
        writtenBy: run(2),
      });
    }
  });

  test('has no more than twenty columns of it, and nothing of figures that cannot be', async () => {
    const columnMetrics = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`c${index}`, { nullCount: (index % 100) + 1 }]),
    );
    const wide = { rowCount: 100, bytes: -1, columnMetrics: { ...columnMetrics, '<script>': { nullCount: 100 } } };
    const { entities } = await factsOf([
      runEvent({ inputs: [dataset({ inputFacets: { dataQualityMetrics: wide } })] }),
    ]);
    const { attributes } = entities.get(lake('orders')) ?? {};
    expect(attributes).toMatchObject({ rowCount: 100 });
    expect(attributes).not.toHaveProperty('bytes');
    expect(attributes?.nullRatios).toHaveLength(20);
    expect(JSON.stringify(attributes)).not.toContain('script');
  });
});

describe('a dataset that was checked', () => {
  const first = checked(1, check('not_null', 'id', true), check('unique', 'id', false, { severity: 'warn' }));
  const second = checked(2, check('not_null', 'id', false, { expected: '0', actual: '7' }));
  const third = checked(3, check('row_count', undefined, true));

  test('has an evaluation for each check of a column, which says what it gave last', async () => {
    for (const order of [
      [first, second, third],
      [third, second, first],
    ]) {
      const { entities, edges } = await factsOf(...order.map((event) => [event]));
      expect(edges.filter((edge) => edge.includes(' evaluates '))).toEqual(
        ['not_null(id)', 'row_count', 'unique(id)'].map((id) => `${evaluation(id)} evaluates ${lake('orders')}`),
      );
      expect(entities.get(evaluation('not_null(id)'))).toMatchObject({
        name: 'not_null id',
        attributes: {
          metric: 'not_null',
          status: 'fail',
          column: 'id',
          expected: '0',
          actual: '7',
          value: 7,
          assertedAt: second.eventTime,
          assertedBy: run(2),
        },
      });
      expect(entities.get(evaluation('unique(id)'))?.attributes).toMatchObject({ status: 'fail', severity: 'warn' });
      expect(entities.get(lake('orders'))?.attributes).toEqual({
        assertionsPassed: 1,
        assertionsFailed: 2,
        assertedAt: third.eventTime,
        assertedBy: run(3),
      });
    }
  });

  test('tells checks of one kind apart by their names', async () => {
    const named = ['no orphans', 'no duplicates'].map((name) => check('custom_sql', 'id', true, { name }));
    const { entities } = await factsOf([checked(1, ...named)]);
    const evaluations = [...entities.values()].filter(({ type }) => type === 'evaluation');
    expect(evaluations.map(({ name }) => name).toSorted()).toEqual(['no duplicates id', 'no orphans id']);
  });

  test('loses what was checked before its facet was taken back', async () => {
    const back = runEvent({ inputs: [dataset({ facets: { dataQualityAssertions: { _deleted: true } } })] });
    const later = checked(4, check('fresh', undefined, true));
    for (const order of [
      [first, back, later],
      [later, back, first],
    ]) {
      const { entities } = await factsOf(...order.map((event) => [event]));
      const evaluations = [...entities.values()].filter(({ type }) => type === 'evaluation');
      expect(evaluations.map(({ uri }) => uri)).toEqual([evaluation('fresh')]);
    }
  });

  test('loses its checks when it is dropped', async () => {
    const dropped = dataset({ facets: { lifecycleStateChange: { lifecycleStateChange: 'DROP' } } });
    const { entities } = await factsOf([first], [runEvent({ inputs: [dropped] })]);
    expect([...entities.values()].filter(({ type }) => type === 'evaluation')).toEqual([]);
  });

  test('keeps its two hundred latest checks', () => {
    const at = (second: number) => new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString();
    const states = Array.from({ length: 300 }, (_, second) => ({
      ...emptyDataset,
      assertions: [
        [`check ${second}\t`, { at: at(second), value: { assertion: `check ${second}`, isPassed: true } }] as const,
      ],
    }));
    const kept = states.reduce((a, b) => Object(mergeStates(a, b)), emptyDataset as (typeof states)[number]);
    const turned = states
      .toReversed()
      .reduce((a, b) => Object(mergeStates(a, b)), emptyDataset as (typeof states)[number]);
    expect(kept.assertions).toHaveLength(200);
    expect(kept.assertions.every(([, register]) => register.at >= at(100))).toBe(true);
    expect(turned).toEqual(kept);
  });

  test('says nothing of checks that cannot be read', async () => {
    const odd = [check('<script>alert(1)</script>', 'id', true), { assertion: 'a' }, 7, check('a\tb', 'id', true)];
    const { entities } = await factsOf([checked(1, ...odd, check('ok', 'id', true))]);
    const evaluations = [...entities.values()].filter(({ type }) => type === 'evaluation');
    expect(evaluations.map(({ uri }) => uri)).toEqual([evaluation('ok(id)')]);
  });
});

describe('the query of a job', () => {
  const withSql = (query: string, dialect?: string) => ({
    ...runEvent({}),
    job: { namespace: 'airflow://prod', name: 'etl', facets: { sql: { query, dialect } } },
  });

  test('is an attribute of its pipeline', async () => {
    const { entities } = await factsOf([withSql('SELECT *\n\tFROM orders', 'snowflake')]);
    expect(entities.get(pipeline('etl'))?.attributes).toEqual({
      sql: 'SELECT *\n\tFROM orders',
      sqlDialect: 'snowflake',
    });
  });

  test('is cut at two thousand characters, between characters', () => {
    const long = readableSql(`${'x'.repeat(1_998)}😀${'y'.repeat(1_000_000)}`);
    expect(long.length).toBeLessThanOrEqual(2_000);
    expect(long.endsWith('…')).toBe(true);
    expect(long.isWellFormed()).toBe(true);
  });

  test.each([
    ["CREATE USER ada IDENTIFIED BY 'hunter2'", "CREATE USER ada IDENTIFIED BY '…'"],
    ["COPY t FROM 's3://b' CREDENTIALS 'aws_secret_access_key=x'", "COPY t FROM 's3://b' CREDENTIALS '…'"],
    ["SET password = 'hunter2'; SELECT 1", "SET password = '…'; SELECT 1"],
    ['secret_key => "hunter2"', "secret_key => '…'"],
    ["SELECT * FROM dblink('postgres://ada:hunter2@db/x')", "SELECT * FROM dblink('postgres://db/x')"],
    [`password='${'h'.repeat(5_000)}`, "password='…'…"],
    ["SELECT 'paid' AS status", "SELECT 'paid' AS status"],
    ['a\u0000b\u001b[2J', 'a b [2J'],
  ])('shows no secrets and no control characters: %s', (query, shown) => {
    expect(readableSql(query)).toBe(shown);
  });
});
