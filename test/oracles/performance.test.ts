import { createHash } from 'node:crypto';
import { describe, it } from 'vitest';
import { labelsAsOf } from '../../shared/domain/ground-truth/labels-as-of.ts';
import { rowLogLoss } from '../../shared/domain/health/statistics/log-loss.ts';
import { Comparison } from './compare.ts';
import { byWindow, hasOracles, type Json, readCsv, readJson, type Table } from './data.ts';
import { numericFigures } from './drift-figures.ts';
import { binaryFigures, calibratedBy, cbpeFigures, delongFigures, regressionFigures } from './performance-figures.ts';
import { errorRateFigures, mcnemarFigures, pairedErrorFigures, twoSampleFigures } from './two-sample-figures.ts';

const tabular = ['bank', 'bike', 'elec2'] as const;
const models = ['a', 'b'] as const;

/** Predictions with the true label, where there is one, by window. */
function labelled(dataset: string, target: string, file = 'predictions'): ReadonlyMap<string, Table> {
  const labels = new Map(readCsv(`${dataset}/data.csv.gz`).map((row) => [row.row_id, row[target] ?? '']));
  return byWindow(readCsv(`${dataset}/${file}.csv.gz`).map((row) => ({ ...row, label: labels.get(row.row_id) ?? '' })));
}

const column = (rows: Table, name: string) => rows.map((row) => Number(row[name]));

function figuresOf(task: string, rows: Table, score: string) {
  const known = rows.filter((row) => row.label !== '');
  const figures = task === 'binary' ? binaryFigures : regressionFigures;
  return figures(column(known, 'label'), column(known, score));
}

describe.skipIf(!hasOracles)('performance figures agree with the oracles', () => {
  it.each(tabular)('of %s', (dataset) => {
    const { task, target, performance } = readJson(`${dataset}/oracle.json`);
    const windows = labelled(dataset, target);
    const comparison = new Comparison(`${dataset} performance`, 'public');
    for (const [window, expected] of Object.entries<Json>(performance)) {
      for (const model of models) {
        comparison.case(`${window}.${model}`, expected[model], figuresOf(task, windows.get(window)!, `score_${model}`));
      }
    }
    comparison.finish();
  });

  it('of movietweetings ratings', () => {
    const windows = labelled('movietweetings', 'rating', 'rating_predictions');
    const comparison = new Comparison('movietweetings performance', 'public');
    for (const [window, expected] of Object.entries<Json>(readJson('movietweetings/oracle.json').ratingPrediction)) {
      comparison.case(window, expected, figuresOf('regression', windows.get(window)!, 'score'));
    }
    comparison.finish();
  });

  it.each(['bank', 'elec2'])('of %s without labels (CBPE)', (dataset) => {
    const { target, calibration, cbpe } = readJson(`${dataset}/oracle.json`);
    const windows = labelled(dataset, target);
    const comparison = new Comparison(`${dataset} CBPE`);
    for (const model of models) {
      const known = windows.get('reference')!.filter((row) => row.label !== '');
      const fitted = calibratedBy(column(known, 'label'), column(known, `score_${model}`));
      comparison.case(`calibration.${model}`, calibration[model], fitted.calibration);
      for (const [window, expected] of Object.entries<Json>(cbpe)) {
        const scores = column(windows.get(window)!, `score_${model}`);
        comparison.case(`${window}.${model}`, expected[model], cbpeFigures(scores, fitted.apply(scores)));
      }
    }
    comparison.finish();
  });

  it.each(['bank', 'bike', 'elec2', 'movietweetings'])('of %s as labels arrive', (dataset) => {
    const { task, target, delayed } = readJson(`${dataset}/oracle.json`);
    const isRatings = dataset === 'movietweetings';
    const predictions = byWindow(readCsv(`${dataset}/${isRatings ? 'rating_' : ''}predictions.csv.gz`));
    const events = readCsv(`${dataset}/${isRatings ? 'rating_' : ''}outcomes.csv.gz`).map(outcomeOf);
    const everyone = new Set([...predictions.values()].flat().map((row) => row.prediction_id ?? ''));
    const comparison = new Comparison(`${dataset} delayed`);
    for (const [window, watermarks] of Object.entries<Json>(delayed.windows)) {
      const rows = predictions.get(window)!;
      for (const expected of watermarks) {
        const { labels, ...streamStats } = labelsAsOf(events, (id) => everyone.has(id), expected.watermarkTs);
        const matured = rows.flatMap((row) => {
          const label = labels.get(row.prediction_id ?? '');
          return label === undefined ? [] : [{ ...row, label: String(label) }];
        });
        const on = (score: string) => figuresOf(target === 'rating' || isRatings ? 'regression' : task, matured, score);
        comparison.case(`${window}.${expected.watermark}`, expected, {
          predictions: rows.length,
          matured: matured.length,
          pending: rows.length - matured.length,
          coverage: matured.length / rows.length,
          streamStats,
          ...(isRatings ? { model: on('score') } : { a: on('score_a'), b: on('score_b') }),
        });
      }
    }
    comparison.finish();
  });

  it.each(tabular)('of the canaries of %s', (dataset) => {
    const { task, target, canary } = readJson(`${dataset}/oracle.json`);
    const windows = labelled(dataset, target);
    const comparison = new Comparison(`${dataset} canaries`);
    for (const [window, expected] of Object.entries<Json>(canary)) {
      comparison.case(window, expected, canaryFigures(dataset, task, windows.get(window)!));
    }
    comparison.finish();
  });

  it('of the NAB series', () => {
    const comparison = new Comparison('nab');
    for (const [name, { comparisons }] of Object.entries<Json>(readJson('nab/oracle.json').series)) {
      const series = readCsv(`nab/${name}.csv.gz`);
      comparisons.forEach((expected: Json, i: number) => {
        const isLabelled = expected.type === 'labelled-anomaly';
        const control = series
          .slice(expected.controlFrom, expected.controlTo)
          .filter((row) => !(isLabelled && row.in_anomaly_window === '1'));
        const [a, b] = [
          column(control, 'value'),
          column(series.slice(expected.candidateFrom, expected.candidateTo), 'value'),
        ];
        const { twoSample, drift } = expected;
        comparison.case(
          `${name}.${i}`,
          { twoSample, drift },
          { twoSample: twoSampleFigures(a, b), drift: numericFigures(a, b) },
        );
      });
    }
    comparison.finish();
  });

  it('of the edge cases', () => {
    const comparison = new Comparison('edge cases, performance', 'public');
    const joins = new Comparison('edge cases, joins');
    for (const { id, kind, input, expected } of readJson('edge-cases/cases.json').cases) {
      const figures = edgeFigures[kind];
      if (figures === undefined) continue;
      (kind === 'delayedJoin' ? joins : comparison).case(id, expected, figures(input));
    }
    comparison.finish();
    joins.finish();
  });
});

const edgeFigures: Readonly<Record<string, (input: Json) => Json>> = {
  binaryMetrics: ({ labels, scores }) => binaryFigures(labels, scores),
  regressionMetrics: ({ labels, predictions }) => regressionFigures(labels, predictions),
  cbpe: ({ scores, calibrated }) => cbpeFigures(scores, calibrated),
  delong: ({ labels, scoresA, scoresB }) => delongFigures(labels, scoresA, scoresB),
  delayedJoin: ({ events, knownPredictions, watermark }) => {
    const { labels, ...stats } = labelsAsOf(events.map(outcomeOf), (id) => knownPredictions.includes(id), watermark);
    return { labels: Object.fromEntries(labels), stats };
  },
};

function outcomeOf(row: Json) {
  return {
    eventId: row.event_id,
    predictionId: row.prediction_id,
    label: Number(row.label),
    observedAt: Number(row.observed_at),
  };
}

function canaryFigures(dataset: string, task: string, rows: Table) {
  const isCandidate = (row: Table[number]) =>
    createHash('sha256').update(`canary:${dataset}:${row.prediction_id}`).digest().readUInt32BE() / 2 ** 32 < 0.1;
  const candidate = rows.filter(isCandidate);
  const control = rows.filter((row) => !isCandidate(row));
  const arms = { control: column(control, 'score_a'), candidate: column(candidate, 'score_b') };
  const known = {
    control: control.filter(hasLabel),
    candidate: candidate.filter(hasLabel),
    all: rows.filter(hasLabel),
  };
  const counts = {
    nControl: known.control.length,
    nCandidate: known.candidate.length,
    scores: numericFigures(arms.control, arms.candidate),
  };
  if (task === 'binary') return { ...counts, ...binaryCanary(known) };
  const errors = (part: Table, score: string) => part.map((row) => Math.abs(Number(row[score]) - Number(row.label)));
  return {
    ...counts,
    absError: twoSampleFigures(errors(known.control, 'score_a'), errors(known.candidate, 'score_b')),
    pairedAllRows: pairedErrorFigures(errors(known.all, 'score_a'), errors(known.all, 'score_b')),
  };
}

function binaryCanary({ control, candidate, all }: Record<'control' | 'candidate' | 'all', Table>) {
  const isRight = (row: Table[number], score: string) => (Number(row[score]) >= 0.5 ? '1' : '0') === row.label;
  const wrong = (rows: Table, score: string) => rows.filter((row) => !isRight(row, score)).length;
  const losses = (rows: Table, score: string) => rows.map((row) => rowLogLoss(Number(row.label), Number(row[score])));
  const only = (right: string, other: string) =>
    all.filter((row) => isRight(row, right) && !isRight(row, other)).length;
  return {
    errorRate: errorRateFigures(
      wrong(control, 'score_a'),
      control.length,
      wrong(candidate, 'score_b'),
      candidate.length,
    ),
    logLoss: twoSampleFigures(losses(control, 'score_a'), losses(candidate, 'score_b')),
    pairedAllRows: {
      mcnemar: mcnemarFigures(only('score_a', 'score_b'), only('score_b', 'score_a')),
      delong: delongFigures(column(all, 'label'), column(all, 'score_a'), column(all, 'score_b')),
    },
  };
}

function hasLabel(row: Table[number]): boolean {
  return row.label !== '';
}
