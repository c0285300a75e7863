import { afterAll, describe, expect, it } from 'vitest';
import { runJson, temporaryFolder } from '../support/run-cli.ts';
import { hasOracles, readCsv, type Table } from './data.ts';
import { labelledWindows } from './labelled-windows.ts';

const { write, remove } = temporaryFolder();
afterAll(remove);

const features = ['hr', 'temp', 'hum', 'windspeed', 'season', 'weathersit', 'weekday', 'workingday'];

const windows = hasOracles ? labelledWindows('bike') : new Map<string, Table>();
const predictionsOf = (...names: readonly string[]) => names.flatMap((name) => windows.get(name) ?? []);

/** Predictions of model b with their features and what was counted. */
function scoredRows(predictions: Table): string {
  const rowById = new Map(readCsv('bike/data.csv.gz').map((row) => [row.row_id, row]));
  const lines = predictions.map(({ row_id, ts, score_b, label }) => {
    const row = rowById.get(row_id);
    return [ts, ...features.map((name) => row?.[name]), score_b, label].join(',');
  });
  return [`ts,${features.join(',')},score,cnt`, ...lines, ''].join('\n');
}

describe.skipIf(!hasOracles)('the backtest command', () => {
  it('finds the really degraded windows of bike by their errors alone, and nothing by a policy that looks at none', async () => {
    const isAsked = ({ dataset, model, window }: Table[number]) =>
      dataset === 'bike' && model === 'b' && ['W1', 'W2'].includes(window ?? '');
    const truth = readCsv('performance-truth.csv').filter(isAsked);
    expect(truth.map(({ label }) => label)).toEqual(['degraded', 'degraded']);
    const degraded = predictionsOf('W1', 'W2');
    const times = degraded.map(({ ts }) => Number(ts));
    const [from, to] = [Math.min(...times), Math.max(...times)];
    const onErrors = { windowDays: 28, stalenessThreshold: 1, signals: { dataDrift: { decisive: false } } };
    const blind = { ...onErrors, signals: { ...onErrors.signals, performance: { decisive: false } } };
    const report = await runJson(
      'backtest',
      `--reference=${write('reference.csv', scoredRows(predictionsOf('reference')))}`,
      `--current=${write('current.csv', scoredRows(degraded))}`,
      '--time-column=ts',
      '--score-column=score',
      '--label-column=cnt',
      '--task=regression',
      '--categorical=season,weathersit,weekday,workingday',
      '--every=4d',
      `--degraded=${from}..${to}`,
      `--current-policy=${write('current.json', JSON.stringify(onErrors))}`,
      `--policy=${write('candidate.json', JSON.stringify(blind))}`,
    );
    const { current, candidate } = report;
    console.log(`bike b: alert ${current.detections[0].delayHours} h after the model became worse`);
    expect(current.alerts[0].reason).toContain('RMSE');
    expect(current).toMatchObject({ falseAlerts: 0, detections: [{ from: new Date(from * 1_000).toISOString() }] });
    expect(current.detections[0].delayHours).toBeLessThanOrEqual(28 * 24 + 96);
    expect(candidate).toMatchObject({ alerts: [], detections: [{ detectedAt: null }] });
  });
});
