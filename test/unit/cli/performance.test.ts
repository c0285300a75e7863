import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli, runJson, temporaryFolder } from '../../support/run-cli.ts';

const { write, remove } = temporaryFolder();
afterAll(remove);

const predictions = write(
  'predictions.csv',
  [
    'prediction_id,ts,score,window',
    'a,100,0.9,W1',
    'b,110,0.8,W1',
    'c,120,0.3,W1',
    'd,130,0.1,W1',
    'a,140,0.5,W1',
    'e,150,0.6,W2',
    '',
  ].join('\n'),
);

const outcomes = write(
  'outcomes.csv.gz',
  gzipSync(
    [
      'event_id,prediction_id,label,observed_at,kind',
      'e1,a,1,200,initial',
      'e2,b,1,210,initial',
      'e2,b,1,215,duplicate',
      'e3,c,1,220,initial',
      'e4,zzz,1,230,orphan',
      'e5,d,0,240,initial',
      'e6,b,0,250,correction',
      'e7,c,0,250,correction',
      'e8,c,1,250,correction',
      '',
    ].join('\n'),
  ),
);

const files = ['--predictions', predictions, '--outcomes', outcomes];
const binary = (...more: readonly string[]) => runJson('performance', ...files, '--task', 'binary', ...more);

describe('the performance of predictions in files', () => {
  it('joins once by event id, takes the last label, leaves orphans out, and counts all of it', async () => {
    const { join, coverage, metrics, confusion, asOf } = await binary();
    expect(asOf).toBeNull();
    expect(join).toEqual({ predictions: 5, attributed: 4, pending: 1, orphaned: 1, duplicates: 1, corrections: 3 });
    expect(coverage).toBe(0.8);
    expect(confusion).toEqual({ tp: 1, fp: 1, fn: 1, tn: 1 });
    // Labels 1, 0, 1, 0 at scores 0.9, 0.8, 0.3, 0.1: three of four pairs in order.
    expect(metrics).toMatchObject({ auc: 0.75, accuracy: 0.5, precision: 0.5, recall: 0.5, f1: 0.5, prevalence: 0.5 });
    expect(metrics.brier).toBeCloseTo((0.01 + 0.64 + 0.49 + 0.01) / 4, 12);
    expect(metrics.logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.2) + Math.log(0.3) + Math.log(0.9)) / 4, 12);
  });

  it('knows at a watermark what had arrived by then, in any notation of time', async () => {
    const expected = {
      join: { predictions: 5, attributed: 4, pending: 1, orphaned: 1, duplicates: 1, corrections: 0 },
      confusion: { tp: 2, fp: 0, fn: 1, tn: 1 },
      asOf: '1970-01-01T00:04:00.000Z',
    };
    expect(await binary('--as-of', '240')).toMatchObject(expected);
    expect(await binary('--as-of', '1970-01-01T00:04:00Z')).toMatchObject(expected);
    expect(await binary('--as-of', '1970-01-01 01:04:00+01:00')).toMatchObject(expected);
  });

  it('knows at a watermark no prediction made later', async () => {
    const { join, coverage, metrics } = await binary('--as-of', '115');
    expect(join).toMatchObject({ predictions: 2, attributed: 0, pending: 2 });
    expect(coverage).toBe(0);
    expect(metrics.auc).toBeNull();
    expect(metrics.reasons.auc).toBe('all labels are equal');
    expect(metrics.reasons.logLoss).toBe('no labelled row');
    expect((await binary('--as-of', '50')).coverage).toBeNull();
  });

  it('may be of one window', async () => {
    expect((await binary('--window', 'W2')).join).toMatchObject({ predictions: 1, pending: 1, orphaned: 1 });
  });

  it('takes other names of columns and other formats', async () => {
    const p = write('p.ndjson', '{"id":1,"p":2.5}\n{"id":2,"p":4}\n');
    const o = write('o.jsonl', '{"e":1,"id":1,"y":3,"at":"2026-01-01"}\n{"e":2,"id":2,"y":2,"at":"2026-01-02"}\n');
    const names = [
      '--score-column',
      'p',
      '--event-id-column',
      'e',
      '--label-column',
      'y',
      '--observed-at-column',
      'at',
    ];
    const args = ['--predictions', p, '--outcomes', o, '--prediction-id-column', 'id', ...names];
    const { metrics } = await runJson('performance', ...args, '--task', 'regression');
    expect(metrics).toMatchObject({ mae: 1.25, bias: 0.75, maxAe: 2, rmse: Math.sqrt(2.125), r2: 1 - 4.25 / 0.5 });
  });

  it('gives scores that are no probabilities their rank figures only', async () => {
    const p = write('logits.csv', 'prediction_id,score\na,3\nb,-2\n');
    const { metrics } = await runJson('performance', '--predictions', p, '--outcomes', outcomes, '--task', 'binary');
    expect(metrics).toMatchObject({ auc: 1, brier: null, logLoss: null, ece: null });
    expect(metrics.reasons).toMatchObject({ brier: 'a score is not 0 to 1' });
  });

  it('prints a table for people', async () => {
    const { out } = await runCli('performance', ...files, '--task', 'binary', '--format', 'table');
    expect(out).toContain('attributed');
    expect(out).toMatch(/auc +0\.75/);
  });

  it.each([
    ['prediction_id,score\na,\n', 'prediction a has score "null", expected a number'],
    ['prediction_id,score\na,high\n', 'prediction a has score "high", expected a number'],
    ['prediction_id,score\n,1\n', 'a row has no prediction_id'],
    ['prediction_id,score\n', 'no prediction, expected at least one row'],
    ['id,score\na,1\n', 'no column "prediction_id", it has id, score'],
  ])('refuses predictions that read %j', async (text, message) => {
    const p = write('bad.csv', text);
    const { code, error } = await runCli('performance', '--predictions', p, '--outcomes', outcomes, '--task', 'binary');
    expect(error).toContain(`bad.csv: ${message}`);
    expect(code).toBe(1);
  });

  it('refuses labels and times it cannot read', async () => {
    const withRow = (row: string) => write('bad.csv', `event_id,prediction_id,label,observed_at\n${row}\n`);
    const errorOf = async (row: string) =>
      (await runCli('performance', '--predictions', predictions, '--outcomes', withRow(row), '--task', 'binary')).error;
    expect(await errorOf('e1,a,2,5')).toContain('event e1 has label "2", expected 0 or 1');
    expect(await errorOf('e1,a,,5')).toContain('event e1 has label "null", expected 0 or 1');
    expect(await errorOf('e1,a,1,soon')).toContain('event e1 has observed_at "soon", expected Unix seconds');
  });
});
