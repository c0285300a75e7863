import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../shared/domain/ground-truth/coverage.ts';
import { performanceOf } from '../../shared/domain/ground-truth/performance.ts';
import { conceptDriftSignal } from '../../shared/domain/health/concept-drift-signal.ts';
import { defaultPolicy } from '../../shared/domain/registry/policy.ts';
import { hourMillis, hourOf, toInstant } from '../../shared/domain/time.ts';
import { hasOracles, readCsv, type Table } from './data.ts';
import { labelledWindows } from './labelled-windows.ts';

/** Of windows whose AUC has degraded the scores mean something else; of the stable ones they may, too. */
describe.skipIf(!hasOracles)('concept drift of real windows', () => {
  const truths = hasOracles ? readCsv('performance-truth.csv').filter(({ metric }) => metric === 'rocAuc') : [];

  it('breaches or abstains where the AUC has degraded', () => {
    const windows = new Map(['bank', 'elec2'].map((dataset) => [dataset, labelledWindows(dataset)]));
    const judged = truths.map(({ dataset = '', window = '', model = '', label = '' }) => {
      const of = windows.get(dataset)!;
      const signal = signalOf(of.get('reference')!, of.get(window)!, `score_${model}`);
      console.log(`${dataset} ${window} ${model} ${label}: ${signal.verdict}, ${signal.reason}`);
      return { label, verdict: signal.verdict };
    });
    const count = (label: string, verdict: string) =>
      judged.filter((each) => each.label === label && each.verdict === verdict).length;
    for (const label of ['degraded', 'borderline', 'stable'])
      console.log(
        `${label}: ${['breach', 'warning', 'insufficient-data', 'ok'].map((verdict) => `${count(label, verdict)} ${verdict}`).join(', ')}`,
      );
    expect(count('degraded', 'ok')).toBe(0);
    expect(count('degraded', 'breach')).toBe(12);
  });
});

function signalOf(reference: Table, rows: Table, score: string) {
  const labelled = (table: Table) => table.map((row) => ({ score: Number(row[score]), label: Number(row.label) }));
  const byHour = Map.groupBy(rows, (row) => hourOf(toInstant(Number(row.ts) * 1000)));
  const hours = [...byHour]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hour, table]) => ({
      hour,
      predictions: table.length,
      performance: performanceOf('binary', labelled(table)),
    }));
  const times = rows.map((row) => Number(row.ts) * 1000);
  const to = toInstant((Math.floor(Math.max(...times) / hourMillis) + 1) * hourMillis);
  const window = { from: toInstant(Math.min(...times)), to };
  return conceptDriftSignal(defaultPolicy(3), performanceOf('binary', labelled(reference)), {
    hours,
    window,
    coverage: coverageOf(hours, 0, to),
  });
}
