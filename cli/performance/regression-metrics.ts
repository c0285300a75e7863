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
import { reported } from '../reported-statistics.ts';

/** Figures of a regression, in the label's unit unless they are ratios. */
export function regressionMetrics(labels: Float64Array, predictions: Float64Array) {
  return {
    metrics: reported({
      rmse: rootMeanSquaredError(labels, predictions),
      mae: meanAbsoluteError(labels, predictions),
      bias: bias(labels, predictions),
      r2: determination(labels, predictions),
      medianAe: absoluteErrorQuantile(labels, predictions, 0.5),
      maxAe: absoluteErrorQuantile(labels, predictions, 1),
      mape: meanAbsolutePercentageError(labels, predictions),
      smape: symmetricMeanAbsolutePercentageError(labels, predictions),
      rmsle: rootMeanSquaredLogError(labels, predictions),
    }),
  };
}
