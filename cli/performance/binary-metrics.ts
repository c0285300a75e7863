import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
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
import { delong } from '../../shared/domain/health/statistics/delong.ts';
import { logLoss } from '../../shared/domain/health/statistics/log-loss.ts';
import { rocAuc } from '../../shared/domain/health/statistics/roc-auc.ts';
import { wilsonInterval } from '../../shared/domain/health/statistics/wilson-interval.ts';
import { undefinedStatistic } from '../../shared/domain/health/undefined-statistic.ts';
import { reported, type Statistic } from '../reported-statistics.ts';

/** Of both intervals. */
const level = 0.95;

type Interval = readonly [number, number];

/** Figures of a classifier of two classes; a score at the threshold is a positive prediction. Labels are 0 or 1. */
export function binaryMetrics(labels: Float64Array, scores: Float64Array, threshold: number) {
  const confusion = confusionOf(labels, scores, threshold);
  const classes = classScores(labels, scores);
  const calibration = asProbabilities(scores, () => calibrationError(labels, scores));
  return {
    metrics: reported({
      auc: rocAuc(classes),
      averagePrecision: averagePrecision(classes),
      logLoss: asProbabilities(scores, () => logLoss(labels, scores)),
      brier: asProbabilities(scores, () => brierScore(labels, scores)),
      ece: calibration,
      mce: calibration.value === null ? calibration : { value: calibration.maximum },
      accuracy: accuracy(confusion),
      precision: precision(confusion),
      recall: recall(confusion),
      f1: f1Score(confusion),
      mcc: matthewsCorrelation(confusion),
      prevalence: prevalence(labels),
    }),
    intervals: {
      auc: aucInterval(labels, scores),
      accuracy: accuracyInterval(confusion.tp + confusion.tn, labels.length),
    },
    confusion,
  };
}

/** A logit or a margin ranks, but is no probability. */
function asProbabilities<S extends Statistic>(scores: Float64Array, statistic: () => S) {
  return scores.every((score) => score >= 0 && score <= 1) ? statistic() : undefinedStatistic('a score is not 0 to 1');
}

function prevalence(labels: Float64Array): Statistic {
  if (labels.length === 0) return undefinedStatistic('no labelled row');
  return { value: labels.reduce((sum, label) => sum + label, 0) / labels.length };
}

function accuracyInterval(hits: number, n: number): Interval | null {
  const proportion = wilsonInterval(hits, n, level);
  return proportion.value === null ? null : proportion.interval;
}

/** On the logit scale, so that it stays within 0 to 1 (Pepe 2003, section 5.2); null where DeLong's variance is. */
function aucInterval(labels: Float64Array, scores: Float64Array): Interval | null {
  const auc = delong(labels, scores);
  if (auc.value === null || auc.variance <= 0 || auc.value <= 0 || auc.value >= 1) return null;
  const half = (normalQuantile((1 + level) / 2, 0, 1) * Math.sqrt(auc.variance)) / (auc.value * (1 - auc.value));
  const logit = Math.log(auc.value / (1 - auc.value));
  return [logistic(logit - half), logistic(logit + half)];
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
