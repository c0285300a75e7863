import { expectedAccuracy, expectedBrierScore, expectedConfusion } from '../../shared/domain/health/estimation/cbpe.ts';
import { expectedRocAuc } from '../../shared/domain/health/estimation/expected-roc-auc.ts';
import { calibrated, isotonicCalibration } from '../../shared/domain/health/estimation/isotonic-calibration.ts';
import { averagePrecision } from '../../shared/domain/health/statistics/average-precision.ts';
import { brierScore } from '../../shared/domain/health/statistics/brier-score.ts';
import { calibrationError } from '../../shared/domain/health/statistics/calibration-error.ts';
import { classScores } from '../../shared/domain/health/statistics/class-scores.ts';
import {
  accuracy,
  confusionOf,
  f1Score,
  matthewsCorrelation,
  precision,
  recall,
} from '../../shared/domain/health/statistics/confusion.ts';
import { pairedDelong } from '../../shared/domain/health/statistics/delong.ts';
import { kolmogorovSmirnov } from '../../shared/domain/health/statistics/kolmogorov-smirnov.ts';
import { logLoss } from '../../shared/domain/health/statistics/log-loss.ts';
import {
  absoluteErrorQuantile,
  bias,
  determination,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
  symmetricMeanAbsolutePercentageError,
} from '../../shared/domain/health/statistics/regression-errors.ts';
import { rocAuc } from '../../shared/domain/health/statistics/roc-auc.ts';
import { wilsonInterval } from '../../shared/domain/health/statistics/wilson-interval.ts';

type Rows = readonly number[];

export function binaryFigures(labels: Rows, scores: Rows) {
  const n = labels.length;
  const confusion = confusionOf(labels, scores);
  const classes = classScores(labels, scores);
  const wilson = wilsonInterval(confusion.tp + confusion.tn, n);
  const ece10 = calibrationError(labels, scores, 10);
  const auc = rocAuc(classes).value;
  return {
    n,
    positives: confusion.tp + confusion.fn,
    prevalence: (confusion.tp + confusion.fn) / n,
    confusion,
    accuracy: accuracy(confusion).value,
    accuracyWilson95: wilson.value === null ? null : wilson.interval,
    precision: precision(confusion).value,
    recall: recall(confusion).value,
    f1: f1Score(confusion).value,
    mcc: matthewsCorrelation(confusion).value,
    predictedPositiveRate: (confusion.tp + confusion.fp) / n,
    brier: brierScore(labels, scores).value,
    logLoss: logLoss(labels, scores).value,
    ece10: ece10.value,
    mce10: ece10.value === null ? null : ece10.maximum,
    ece15: calibrationError(labels, scores, 15).value,
    reliability10:
      ece10.value === null
        ? null
        : ece10.reliability.map(({ bin, rows, meanScore, meanLabel }) => [bin, rows, meanScore, meanLabel]),
    rocAuc: auc,
    averagePrecision: averagePrecision(classes).value,
    giniCoefficient: auc === null ? null : 2 * auc - 1,
    ksPosNeg: kolmogorovSmirnov(classes.counts, 'asymptotic').value,
  };
}

export function regressionFigures(labels: Rows, predictions: Rows) {
  const figures = {
    rmse: rootMeanSquaredError,
    mae: meanAbsoluteError,
    bias,
    r2: determination,
    mapeNonZero: meanAbsolutePercentageError,
    smape: symmetricMeanAbsolutePercentageError,
    rmsle: rootMeanSquaredLogError,
  };
  return {
    n: labels.length,
    ...Object.fromEntries(Object.entries(figures).map(([name, of]) => [name, of(labels, predictions).value])),
    medianAe: absoluteErrorQuantile(labels, predictions, 0.5).value,
    maxAe: absoluteErrorQuantile(labels, predictions, 1).value,
  };
}

export function cbpeFigures(scores: Rows, probabilities: Rows) {
  const confusion = expectedConfusion(scores, probabilities);
  return {
    n: scores.length,
    expectedConfusion: confusion,
    expectedAccuracy: expectedAccuracy(scores, probabilities).value,
    expectedPrecision: precision(confusion).value,
    expectedRecall: recall(confusion).value,
    expectedF1: f1Score(confusion).value,
    expectedPrevalence: (confusion.tp + confusion.fn) / scores.length,
    expectedBrier: expectedBrierScore(scores, probabilities).value,
    expectedRocAuc: expectedRocAuc(scores, probabilities).value,
  };
}

export function calibratedBy(labels: Rows, scores: Rows) {
  const calibration = isotonicCalibration(labels, scores) ?? { x: [], y: [] };
  return { calibration, apply: (others: Rows) => others.map((score) => calibrated(calibration, score)) };
}

export function delongFigures(labels: Rows, scoresA: Rows, scoresB: Rows) {
  const paired = pairedDelong(labels, scoresA, scoresB);
  if (paired.value === null) return null;
  return {
    aucA: paired.first.value,
    aucB: paired.second.value,
    varA: paired.first.variance,
    varB: paired.second.variance,
    cov: paired.covariance,
    difference: paired.value,
    z: paired.z,
    pValue: paired.pValue,
  };
}
