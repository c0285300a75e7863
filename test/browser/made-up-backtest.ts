import type { BacktestReport, BacktestRun } from '../../shared/domain/health/backtest/backtest.ts';

const day = (date: number, hour = 0) => new Date(Date.UTC(2001, 3, date, hour)).toISOString();

const alert = (from: string, until: string | null): BacktestRun['alerts'][number] => ({
  at: from,
  until,
  version: 1,
  causes: ['performance'],
  reason: 'AUC 0.71 is 0.09 below the baseline’s 0.8 (limit 0.05)',
});

/** What the API says of a month with three degradations, which takes a month to come about. */
export function madeUpBacktest(modelId: string) {
  const degradations = [
    { from: day(8), to: day(12), source: 'hindsight', metrics: ['auc'] },
    { from: day(17), to: day(18), source: 'hindsight', metrics: ['logLossSkill', 'calibrationBias'] },
    { from: day(25), to: day(28), source: 'given', metrics: [] },
  ] as const;
  const spans = degradations.map(({ from, to }) => ({ from, to }));
  const missed = { detectedAt: null, delayHours: null };
  const report: BacktestReport = {
    evaluations: 60,
    degradations,
    current: {
      alerts: [alert(day(24, 12), null)],
      retrains: [],
      atRiskRatio: 0.18,
      alertsPerWeek: 0.23,
      falseAlerts: 0,
      retrainCost: 0,
      detections: [
        { ...spans[0]!, ...missed },
        { ...spans[1]!, ...missed },
        { ...spans[2]!, detectedAt: day(24, 12), delayHours: -12 },
      ],
    },
    candidate: {
      alerts: [alert(day(5), day(6)), alert(day(9, 6), day(13)), alert(day(24, 18), null)],
      retrains: [
        { at: day(9, 6), causes: ['performance'] },
        { at: day(24, 18), causes: ['performance', 'drift'] },
      ],
      atRiskRatio: 0.33,
      alertsPerWeek: 0.7,
      falseAlerts: 1,
      retrainCost: 2,
      detections: [
        { ...spans[0]!, detectedAt: day(9, 6), delayHours: 30 },
        { ...spans[1]!, ...missed },
        { ...spans[2]!, detectedAt: day(24, 18), delayHours: -6 },
      ],
    },
    assumptions: ['the history stays as it was: a retrain that a policy asks for here brings no better version'],
  };
  return { modelId, from: day(1), to: day(31), everyNth: 1, ...report };
}
