import type { Backtest, BacktestRun } from '../../api/types.ts';

/** A stretch of time, or a moment when both ends are the same. Milliseconds. */
export type Mark = {
  readonly from: number;
  readonly to: number;
  readonly kind: 'degradation' | 'alert' | 'false-alert' | 'retrain';
  readonly text: string;
};

export type Lane = { readonly name: string; readonly marks: readonly Mark[] };

/** Degradations first, then alerts and retrains of either policy, all on one time axis. */
export function lanesOf(backtest: Backtest): readonly Lane[] {
  const { degradations, current, candidate } = backtest;
  return [
    {
      name: 'Degradations',
      marks: degradations.map(({ from, to, metrics, source }) => ({
        ...stretch(from, to),
        kind: 'degradation',
        text: metrics.length === 0 ? source : metrics.join(', '),
      })),
    },
    { name: 'Alerts, in force', marks: alertsOf(current, backtest) },
    { name: 'Alerts, candidate', marks: alertsOf(candidate, backtest) },
    { name: 'Retrains, in force', marks: retrainsOf(current) },
    { name: 'Retrains, candidate', marks: retrainsOf(candidate) },
  ];
}

function alertsOf({ alerts }: BacktestRun, { degradations, to }: Backtest): readonly Mark[] {
  return alerts.map(({ at, until, reason }) => {
    const end = until ?? to;
    const isTrue = degradations.some((each) => at < each.to && end > each.from);
    return { ...stretch(at, end), kind: isTrue ? 'alert' : 'false-alert', text: reason };
  });
}

function retrainsOf({ retrains }: BacktestRun): readonly Mark[] {
  return retrains.map(({ at, causes }) => ({ ...stretch(at, at), kind: 'retrain', text: causes.join(', ') }));
}

function stretch(from: string, to: string) {
  return { from: Date.parse(from), to: Date.parse(to) };
}
