import type { Command, OpenFile, Options, Report } from '../command.ts';
import { unixSeconds } from '../instant.ts';
import { binaryMetrics } from '../performance/binary-metrics.ts';
import { type JoinedOutcomes, joinOutcomes } from '../performance/join-outcomes.ts';
import { readOutcomes, type Task } from '../performance/read-outcomes.ts';
import { type PredictionColumns, readPredictions } from '../performance/read-predictions.ts';
import { regressionMetrics } from '../performance/regression-metrics.ts';
import { textTable } from '../text-table.ts';
import { UsageError } from '../usage-error.ts';

export const performanceCommand: Command = {
  name: 'performance',
  summary: 'How well predictions met the outcomes that arrived up to a time',
  options: {
    predictions: { value: 'file', help: 'Predictions', isRequired: true },
    outcomes: { value: 'file', help: 'Outcome events', isRequired: true },
    task: { value: 'task', help: 'What is predicted', choices: ['binary', 'regression'], isRequired: true },
    'as-of': { value: 'time', help: 'Only what was known then: Unix seconds, milliseconds or ISO-8601' },
    threshold: { value: 'score', help: 'A score from which on a prediction is positive', default: '0.5' },
    window: { value: 'name', help: 'Only predictions of this window' },
    'window-column': { value: 'column', help: 'Of the predictions: their window', default: 'window' },
    'prediction-id-column': { value: 'column', help: 'Of both files', default: 'prediction_id' },
    'score-column': { value: 'column', help: 'Of the predictions', default: 'score' },
    'time-column': { value: 'column', help: 'Of the predictions, read with --as-of', default: 'ts' },
    'event-id-column': { value: 'column', help: 'Of the outcomes', default: 'event_id' },
    'label-column': { value: 'column', help: 'Of the outcomes', default: 'label' },
    'observed-at-column': { value: 'column', help: 'Of the outcomes', default: 'observed_at' },
  },
  notes: [
    'An event id counts once; the last label of a prediction, by time and then by place in the file, stands; events of',
    'unknown predictions are left out. All three are counted.',
  ].join('\n'),
  run,
};

async function run(options: Options, open: OpenFile): Promise<Report> {
  const asOf = watermarkOf(options);
  const threshold = thresholdOf(options);
  const task = options.text('task') as Task;
  const [predictionFile, outcomeFile] = [options.text('predictions'), options.text('outcomes')];
  const predictions = await readPredictions(predictionFile, await open(predictionFile), predictionColumns(options));
  const columns = {
    eventId: options.text('event-id-column'),
    predictionId: options.text('prediction-id-column'),
    label: options.text('label-column'),
    observedAt: options.text('observed-at-column'),
  };
  const events = await readOutcomes(outcomeFile, await open(outcomeFile), columns, task);
  const joined = joinOutcomes(predictions, events, asOf ?? Number.POSITIVE_INFINITY);
  const { labels, scores, join, coverage } = joined;
  const figures = task === 'binary' ? binaryMetrics(labels, scores, threshold) : regressionMetrics(labels, scores);
  const json = { asOf: isoOf(asOf), join, coverage, ...figures };
  return { json, table: () => tableOf(joined, figures.metrics) };
}

function predictionColumns(options: Options): PredictionColumns {
  const window = options.optional('window');
  return {
    id: options.text('prediction-id-column'),
    score: options.text('score-column'),
    ...(options.isSet('as-of') ? { time: options.text('time-column') } : {}),
    ...(window === undefined ? {} : { window: { column: options.text('window-column'), value: window } }),
  };
}

function watermarkOf(options: Options): number | undefined {
  const text = options.optional('as-of');
  if (text === undefined) return undefined;
  const seconds = unixSeconds(text);
  if (seconds !== undefined) return seconds;
  throw new UsageError(`--as-of is ${text}, expected Unix seconds, milliseconds or ISO-8601`);
}

function thresholdOf(options: Options): number {
  const threshold = Number(options.text('threshold'));
  if (Number.isFinite(threshold)) return threshold;
  throw new UsageError(`--threshold is ${options.text('threshold')}, expected a number`);
}

/** Null, as without a watermark, beyond the last instant that a date can name. */
function isoOf(seconds: number | undefined): string | null {
  const instant = new Date((seconds ?? Number.NaN) * 1_000);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}

function tableOf({ join, coverage }: JoinedOutcomes, metrics: object): string {
  const { reasons = {}, ...figures } = metrics as { readonly reasons?: Readonly<Record<string, string>> };
  const rows = Object.entries<number | null>(figures).map(([name, value]) => [name, value, reasons[name] ?? '']);
  return [
    textTable(['join', 'count'], [...Object.entries(join), ['coverage', coverage]]),
    textTable(['metric', 'value', ''], rows),
  ].join('\n\n');
}
