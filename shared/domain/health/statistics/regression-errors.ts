import { finiteStatistic, type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { momentsOf } from './moments.ts';
import { quantileOf, sortedSample } from './sorted-sample.ts';

type Rows = ArrayLike<number>;
type Statistic = { readonly value: number } | UndefinedStatistic;

const empty = undefinedStatistic('no labelled row');

/** √ of the mean squared error, in the label's unit. */
export function rootMeanSquaredError(labels: Rows, predictions: Rows): Statistic {
  const mean = meanOf(labels, predictions, (error) => error * error);
  return mean.value === null ? mean : { value: Math.sqrt(mean.value) };
}

export function meanAbsoluteError(labels: Rows, predictions: Rows): Statistic {
  return meanOf(labels, predictions, Math.abs);
}

/** Mean of prediction - label. */
export function bias(labels: Rows, predictions: Rows): Statistic {
  return meanOf(labels, predictions, (error) => error);
}

/** Median and maximum of the absolute errors. */
export function absoluteErrorQuantile(labels: Rows, predictions: Rows, probability: number): Statistic {
  const errors = sortedSample(Array.from(labels, (label, i) => Math.abs(predictions[i]! - label)));
  const value = quantileOf(errors, probability);
  return value === undefined || errors.values.length < labels.length ? undefinedQuantile(labels) : { value };
}

function undefinedQuantile(labels: Rows): Statistic {
  return labels.length === 0 ? empty : finiteStatistic(Number.NaN);
}

/** 1 - Σ error² / Σ (label - mean)² (Wright 1921). Undefined when the labels do not vary. */
export function determination(labels: Rows, predictions: Rows): Statistic {
  const moments = momentsOf({ values: Float64Array.from(labels).sort() });
  if (moments === undefined) return empty;
  if (moments.sumSquaredDeviations === 0) return undefinedStatistic('the labels do not vary');
  const mean = meanOf(labels, predictions, (error) => error * error);
  if (mean.value === null) return mean;
  return finiteStatistic(1 - (mean.value * labels.length) / moments.sumSquaredDeviations);
}

/** Mean of |error / label| over the labels that are not 0. */
export function meanAbsolutePercentageError(labels: Rows, predictions: Rows): Statistic {
  return meanWhere(labels, predictions, 'all labels are 0', (label, prediction) =>
    label === 0 ? undefined : Math.abs((prediction - label) / label),
  );
}

/** Mean of 2 |error| / (|label| + |prediction|), 0..2, over rows on which not both are 0 (Makridakis 1993). */
export function symmetricMeanAbsolutePercentageError(labels: Rows, predictions: Rows): Statistic {
  return meanWhere(labels, predictions, 'all labels and predictions are 0', (label, prediction) => {
    const size = Math.abs(label) + Math.abs(prediction);
    return size === 0 ? undefined : (2 * Math.abs(prediction - label)) / size;
  });
}

/** √ of the mean squared difference of ln(1 + x). Undefined when a label or prediction is -1 or less. */
export function rootMeanSquaredLogError(labels: Rows, predictions: Rows): Statistic {
  const mean = meanWhere(
    labels,
    predictions,
    'no labelled row',
    (label, prediction) => (Math.log1p(prediction) - Math.log1p(label)) ** 2,
  );
  return mean.value === null ? mean : { value: Math.sqrt(mean.value) };
}

function meanOf(labels: Rows, predictions: Rows, loss: (error: number) => number): Statistic {
  return meanWhere(labels, predictions, 'no labelled row', (label, prediction) => loss(prediction - label));
}

function meanWhere(
  labels: Rows,
  predictions: Rows,
  reason: string,
  term: (label: number, prediction: number) => number | undefined,
): Statistic {
  let [sum, n] = [0, 0];
  for (let i = 0; i < labels.length; i += 1) {
    const loss = term(labels[i]!, predictions[i]!);
    if (loss === undefined) continue;
    sum += loss;
    n += 1;
  }
  return n === 0 ? undefinedStatistic(labels.length === 0 ? 'no labelled row' : reason) : finiteStatistic(sum / n);
}
