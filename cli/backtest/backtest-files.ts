import { type BacktestReport, type BacktestRun, backtest } from '../../shared/domain/health/backtest/backtest.ts';
import { type Degradation, degradationsInHindsight } from '../../shared/domain/health/backtest/degradation.ts';
import type { Policy } from '../../shared/domain/registry/policy.ts';
import { type Instant, minuteMillis, toInstant } from '../../shared/domain/time.ts';
import type { ShowStep } from '../command.ts';
import type { Sides } from '../drift/column-drift.ts';
import type { Side } from '../drift/compare-tables.ts';
import { comparedNames } from '../drift/compared-names.ts';
import { readFileHistory } from './file-history.ts';
import { recordMoments, scheduleOf } from './file-moments.ts';
import { readFileReference } from './file-reference.ts';
import { type ScoredColumns, scoredRows } from './scored-rows.ts';
import type { Stretch } from './time-options.ts';

export type FileBacktest = {
  readonly sides: Sides<Side>;
  readonly columns: ScoredColumns;
  readonly exclude: readonly string[];
  readonly categorical: readonly string[];
  readonly current: Policy;
  readonly candidate: Policy;
  readonly intervalHours: number;
  readonly attributionWindowMinutes: number;
  /** Found in hindsight, from the labels, when there is none. */
  readonly degradations: readonly Stretch[];
  readonly retrainCost: number;
};

/** Null: nothing tells when the model was worse, so that an alert is neither true nor false. */
export type FileRun = Omit<BacktestRun, 'falseAlerts'> & { readonly falseAlerts: number | null };

export type FileReport = Omit<BacktestReport, 'current' | 'candidate'> & {
  readonly rows: Sides<number>;
  readonly from: Instant;
  readonly to: Instant;
  readonly everyHours: number;
  readonly everyNth: number;
  readonly current: FileRun;
  readonly candidate: FileRun;
};

/** Two policies over the history in a file, by the code of the service. Throws `ArtifactUnusable`. */
export async function backtestFiles(request: FileBacktest, step: ShowStep): Promise<FileReport> {
  const { columns, current, candidate, retrainCost } = request;
  const { baseline, history, model } = await readFiles(request);
  const { moments: instants, everyNth } = scheduleOf(history, request.intervalHours);
  const files = { history, model, baseline };
  const record = (policy: Policy, what: string) =>
    recordMoments(files, instants, policy, counting(step, instants.length, what));
  const moments = await record(current, 'moments');
  const candidateMoments = haveSameWindows(current, candidate)
    ? moments
    : await record(candidate, 'moments of the candidate');
  const given = request.degradations.map((each): Degradation => ({ ...each, source: 'given', metrics: [] }));
  const found = () =>
    degradationsInHindsight({ policy: current, baseline: baseline.performance, hours: history.hours() });
  const isTold = given.length > 0 || columns.label !== undefined;
  const report = backtest({
    moments,
    candidateMoments,
    current,
    candidate,
    degradations: given.length > 0 || columns.label === undefined ? given : found(),
    retrainCost,
    onJudged: counting(step, 2 * instants.length, 'judgements'),
  });
  const run = (judged: BacktestRun): FileRun => ({ ...judged, falseAlerts: isTold ? judged.falseAlerts : null });
  return {
    rows: { reference: baseline.n, current: history.rows },
    from: toInstant(history.from),
    to: toInstant(instants.at(-1)!),
    everyHours: request.intervalHours,
    everyNth,
    ...report,
    current: run(report.current),
    candidate: run(report.candidate),
    assumptions: [...report.assumptions, ...assumptionsOf(request, isTold)],
  };
}

async function readFiles(request: FileBacktest) {
  const { sides, columns, exclude, categorical, attributionWindowMinutes } = request;
  const { time, score, label, labelTime, task } = columns;
  const aside = [time, score, label, labelTime].filter((name) => name !== undefined);
  const names = comparedNames(sides, { aside, exclude, categorical });
  const file = sides.reference.choice.file;
  const { features, baseline } = await readFileReference({ file, ...sides.reference, names, categorical, columns });
  const rows = scoredRows(sides.current.choice.file, sides.current.table, columns, features);
  const history = await readFileHistory(rows, baseline, attributionWindowMinutes * minuteMillis);
  const model = {
    features,
    taskType: task,
    attributionWindowMinutes,
    trainingDataEnd: baseline.to,
    servedSince: toInstant(history.from),
  };
  return { baseline, history, model };
}

/** What is read of the history depends on nothing else of a policy. */
function haveSameWindows(left: Policy, right: Policy): boolean {
  return (
    left.windowDays === right.windowDays &&
    left.shortWindow.enabled === right.shortWindow.enabled &&
    left.shortWindow.minimumHours === right.shortWindow.minimumHours
  );
}

function counting(step: ShowStep, total: number, what: string): () => void {
  let done = 0;
  return () => {
    done += 1;
    step(`${done} of ${total} ${what}`);
  };
}

function assumptionsOf({ columns }: FileBacktest, isTold: boolean): readonly string[] {
  return [
    'the age of the model counts from the end of the reference',
    ...(columns.label !== undefined && columns.labelTime === undefined
      ? ['outcomes are taken as known at once: no --label-time-column']
      : []),
    ...(isTold ? [] : ['nothing tells when the model was worse: neither --label-column nor --degraded']),
  ];
}
