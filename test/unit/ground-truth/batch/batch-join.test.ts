import { describe, expect, it } from 'vitest';
import { createMemoryBatchStore } from '../../../../shared/adapters/memory/memory-batch-store.ts';
import type { BatchModel } from '../../../../shared/domain/ground-truth/batch/batch-model.ts';
import { dateRangeSchema, openDates, pastDates } from '../../../../shared/domain/ground-truth/batch/batch-run.ts';
import {
  beginRun,
  completeDay,
  failDay,
  type RunStep,
  startQuery,
  startSwitch,
  writeMetrics,
} from '../../../../shared/use-cases/ground-truth/batch-join.ts';

const now = '2026-02-01T02:10:00.000Z';
const later = (hours: number) => new Date(Date.parse(now) + hours * 3_600_000).toISOString();
const label = { name: 'label', kind: 'binary', attributionWindowMinutes: 1_440, provenance: 'exact' } as const;
const models: readonly BatchModel[] = [{ modelId: 'late-live', outcomeTypes: [label] }];
const range = { from: '2026-01-01', to: '2026-01-03' };

function open() {
  const store = createMemoryBatchStore();
  const ports = { store, models: async () => models };
  return {
    store,
    begin: (runId: string, at = now) => beginRun(ports, { runId, range, now: at }),
    daily: () => beginRun(ports, { runId: 'daily', now }),
  };
}

function dayOf(step: RunStep) {
  if (step.status !== 'day') throw new Error(`received ${step.status}, expected a day`);
  return step.day;
}

describe('the dates of a run', () => {
  it('are, of a daily one, the rarer the older, up to the day they are sealed', () => {
    expect(openDates(models, now)).toEqual(['2026-01-31', '2026-01-30', '2026-01-28', '2026-01-24', '2026-01-22']);
    expect(openDates([], now)).toEqual([]);
  });

  it('are, of a range, those that are over', () => {
    expect(pastDates({ from: '2026-01-30', to: '2026-02-03' }, now)).toEqual(['2026-01-30', '2026-01-31']);
    expect(pastDates({ from: '2026-02-01', to: '2026-02-03' }, now)).toEqual([]);
    expect(dateRangeSchema.safeParse({ from: '2026-01-02', to: '2026-01-01' }).success).toBe(false);
    expect(dateRangeSchema.safeParse({ from: '0001-01-02', to: '2026-01-01' }).success).toBe(false);
    expect(dateRangeSchema.safeParse({ from: '2026-01-02', to: 'tomorrow' }).success).toBe(false);
  });
});

describe('a run of the batch join', () => {
  it('takes its dates one after the other and ends', async () => {
    const { begin, store } = open();
    let step = await begin('backfill-1');
    const seen: string[] = [];
    while (step.status === 'day') {
      seen.push(`${step.day.date} ${step.day.run}`);
      step = await completeDay(store, step.day, now);
    }
    expect(step).toEqual({ status: 'done' });
    expect(seen).toEqual(['2026-01-01 backfill-1-1', '2026-01-02 backfill-1-1', '2026-01-03 backfill-1-1']);
    expect([...store.days.keys()]).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    expect((await store.run())?.status).toBe('succeeded');
  });

  it('joins what arrived an hour before it began, however late it gets', async () => {
    const { begin, store } = open();
    const first = dayOf(await begin('backfill-1'));
    expect(first.completeThrough).toBe('2026-02-01T01:00:00.000Z');
    expect(dayOf(await completeDay(store, first, later(5))).completeThrough).toBe('2026-02-01T01:00:00.000Z');
  });

  it('waits while another one runs, but not for one that has died', async () => {
    const { begin, daily } = open();
    await daily();
    expect(await begin('backfill-1', later(1))).toEqual({ status: 'busy' });
    expect(dayOf(await begin('backfill-1', later(3))).date).toBe('2026-01-01');
  });

  it('moves on by one date however often a step is repeated', async () => {
    const { begin, store } = open();
    const first = dayOf(await begin('backfill-1'));
    expect(await begin('backfill-1')).toEqual({ status: 'day', day: first });
    await completeDay(store, first, now);
    expect(dayOf(await completeDay(store, first, now)).date).toBe('2026-01-02');
    expect(dayOf(await failDay(store, first, now))).toMatchObject({ date: '2026-01-02', run: 'backfill-1-1' });
  });

  it('tries a date three times under new names, then goes on and ends as failed', async () => {
    const { begin, store } = open();
    let step: RunStep = await begin('backfill-1');
    const runs: string[] = [];
    while (step.status === 'day' && step.day.date === '2026-01-01') {
      runs.push(step.day.run);
      step = await failDay(store, step.day, now);
    }
    expect(runs).toEqual(['backfill-1-1', 'backfill-1-2', 'backfill-1-3']);
    while (step.status === 'day') step = await completeDay(store, step.day, now);
    expect(step).toEqual({ status: 'failed' });
    expect(await store.run()).toMatchObject({ failedDates: ['2026-01-01'], joinedDates: 2 });
    expect([...store.days.keys()]).toEqual(['2026-01-02', '2026-01-03']);
  });

  it('has nothing to do without a model', async () => {
    const store = createMemoryBatchStore();
    expect(await beginRun({ store, models: async () => [] }, { runId: 'daily', now })).toEqual({ status: 'done' });
  });
});

describe('the statements of a day', () => {
  const day = { date: '2026-01-31', run: 'daily-1', completeThrough: '2026-02-01T01:00:00.000Z' };
  const asked: string[] = [];
  const engine = {
    start: async (sql: string) => String(asked.push(sql)),
    status: async () => ({ status: 'running' }) as const,
  };
  const ports = { engine, models: async () => models, bucket: 'ground-truth' };

  it('write under the name of the attempt, and switch to it', async () => {
    await startQuery(ports, day, 'join');
    await startSwitch(ports, day, 'add');
    await startSwitch(ports, day, 'move');
    await startQuery(ports, day, 'metrics');
    const place = "'s3://ground-truth/joined/date=2026-01-31/run=daily-1/'";
    expect(asked[0]).toMatch(/^UNLOAD \(WITH types/);
    expect(asked[0]).toContain(`TO ${place} WITH (format = 'PARQUET', compression = 'ZSTD')`);
    expect(asked[0]).toContain(
      "predicted_at >= TIMESTAMP '2026-01-31 00:00:00.000' AND predicted_at < TIMESTAMP '2026-02-01 00:00:00.000'",
    );
    expect(asked[1]).toBe(`ALTER TABLE joined ADD IF NOT EXISTS PARTITION (\`date\` = '2026-01-31') LOCATION ${place}`);
    expect(asked[2]).toBe(`ALTER TABLE joined PARTITION (\`date\` = '2026-01-31') SET LOCATION ${place}`);
    expect(asked[3]).toContain("TO 's3://ground-truth/metrics/date=2026-01-31/run=daily-1/'");
  });

  it('leave files that are written into the table one at a time', async () => {
    const store = createMemoryBatchStore();
    const zero = '[0]';
    const sums = [
      'n',
      'positives',
      'sum_score',
      'sum_log_loss',
      'sum_squared_error',
      'correct',
      'sum_error',
      'sum_absolute_error',
      'sum_label',
      'sum_squared_label',
    ];
    const row = (versions: string) => ({
      model_id: 'late-live',
      versions,
      kind: 'binary',
      points: '[13]',
      predictions: '[2]',
      served: '[4.0]',
      delays: '[null]',
      ...Object.fromEntries(
        ['recorded', 'imputed'].flatMap((origin) => [
          ...sums.map((name) => [`${origin}_${name}`, zero]),
          [`${origin}_positive_scores`, '[{"7":1}]'],
          [`${origin}_negative_scores`, '[null]'],
        ]),
      ),
    });
    const files = {
      list: async () => ['a', 'b'],
      rows: async function* (file: string) {
        yield row(file === 'a' ? '1' : '1@west');
      },
    };
    expect(await writeMetrics({ files, store }, { day, next: 0, now })).toEqual({ next: 1, status: 'more' });
    expect(await writeMetrics({ files, store }, { day, next: 1, now })).toEqual({ next: 2, status: 'written' });
    expect([...store.metrics.keys()]).toEqual([
      '2026-01-31 daily-1 late-live 1',
      '2026-01-31 daily-1 late-live 1@west',
    ]);
    const [first] = [...store.metrics.values()];
    expect(first?.hours).toMatchObject([
      { hour: 1, points: [{ index: 1, predictions: 2, served: 4, performance: { positiveScores: { 7: 1 } } }] },
    ]);
    const none = { list: async () => [], rows: files.rows };
    expect(await writeMetrics({ files: none, store }, { day, next: 0, now })).toEqual({ next: 1, status: 'written' });
    const broken = {
      list: async () => ['a'],
      rows: async function* () {
        yield { ...row('1'), served: 'no list' };
      },
    };
    await expect(writeMetrics({ files: broken, store }, { day, next: 0, now })).rejects.toThrow();
  });
});
