import type { BacktestReport } from '../../shared/domain/health/backtest/backtest.ts';
import { textTable } from '../text-table.ts';
import type { FileRun } from './backtest-files.ts';

type ShownRun = Omit<FileRun, 'alerts'> & {
  readonly alerts: readonly Pick<FileRun['alerts'][number], 'at' | 'until' | 'reason'>[];
};

/** What the reports on files and of a service have in common. */
export type ShownReport = Pick<BacktestReport, 'evaluations' | 'degradations' | 'assumptions'> & {
  readonly from: string;
  readonly to: string;
  readonly everyNth: number;
  readonly current: ShownRun;
  readonly candidate: ShownRun;
};

/** Both policies side by side, then the degradations, then every alert with its reason. */
export function backtestTable(report: ShownReport): string {
  const { from, to, evaluations, everyNth, assumptions } = report;
  const thinned = everyNth === 1 ? '' : `, every ${everyNth}th`;
  return [
    `${evaluations} evaluations from ${from} to ${to}${thinned}`,
    comparison(report),
    ...degradationLines(report),
    ...alertLines('current', report.current),
    ...alertLines('candidate', report.candidate),
    `Not known: ${assumptions.join('; ')}.`,
  ].join('\n\n');
}

function comparison({ current, candidate, degradations }: ShownReport): string {
  const figures: readonly (readonly [string, (run: ShownRun) => number | null])[] = [
    ['alerts', ({ alerts }) => alerts.length],
    ['alerts per week', ({ alertsPerWeek }) => alertsPerWeek],
    ['share of evaluations at risk', ({ atRiskRatio }) => atRiskRatio],
    ...(current.falseAlerts === null
      ? []
      : ([
          ['false alerts', ({ falseAlerts }: ShownRun) => falseAlerts],
          [`degradations found of ${degradations.length}`, foundOf],
          ['median delay, hours', medianDelay],
        ] as const)),
    ['retrains', ({ retrains }) => retrains.length],
    ['cost of retrains', ({ retrainCost }) => retrainCost],
  ];
  const rows = figures.map(([name, figure]) => [name, figure(current), figure(candidate)] as const);
  return textTable(['', 'current', 'candidate'], rows);
}

function foundOf({ detections }: ShownRun): number {
  return detections.filter(({ detectedAt }) => detectedAt !== null).length;
}

/** Of the degradations that were found; none for an alert that stood already. */
function medianDelay({ detections }: ShownRun): number | null {
  const delays = detections
    .flatMap(({ delayHours }) => (delayHours === null ? [] : Math.max(0, delayHours)))
    .sort((a, b) => a - b);
  if (delays.length === 0) return null;
  return (delays[(delays.length - 1) >> 1]! + delays[delays.length >> 1]!) / 2;
}

function degradationLines({ degradations, current, candidate }: ShownReport): readonly string[] {
  if (degradations.length === 0) return [];
  const rows = degradations.map(({ from, to, source, metrics }, i) => [
    from,
    to,
    metrics.length === 0 ? source : metrics.join(', '),
    delayText(current, i),
    delayText(candidate, i),
  ]);
  return [textTable(['worse from', 'to', 'by', 'current', 'candidate'], rows)];
}

function delayText({ detections }: ShownRun, i: number): string {
  const delay = detections[i]?.delayHours ?? null;
  if (delay === null) return 'missed';
  return delay < 0 ? 'stood already' : `after ${Number(delay.toFixed(1))} h`;
}

function alertLines(name: string, { alerts }: ShownRun): readonly string[] {
  if (alerts.length === 0) return [`No alert of the ${name} policy.`];
  const rows = alerts.map(({ at, until, reason }) => [at, until ?? 'stood at the end', reason]);
  return [textTable([`alert of the ${name} policy`, 'until', 'reason'], rows)];
}
