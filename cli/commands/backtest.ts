import type { TaskType } from '../../shared/domain/registry/schemas.ts';
import { backtestFiles, type FileReport } from '../backtest/backtest-files.ts';
import { backtestService } from '../backtest/backtest-service.ts';
import { backtestTable, type ShownReport } from '../backtest/backtest-table.ts';
import { filePolicy } from '../backtest/file-model.ts';
import { readPolicy } from '../backtest/policy-file.ts';
import type { ScoredColumns } from '../backtest/scored-rows.ts';
import { hoursOption, instantOption, stretchesOption } from '../backtest/time-options.ts';
import type { Command, OpenFile, Option, Options, Report, ShowStep } from '../command.ts';
import { UsageError } from '../usage-error.ts';

const fileOptions: Readonly<Record<string, Option>> = {
  reference: { value: 'file', help: 'What the model is held against: rows after its training, when it was good' },
  current: { value: 'file', help: 'The history that both policies judge' },
  'time-column': { value: 'column', help: 'When a prediction was made; of both files, as all columns' },
  'score-column': { value: 'column', help: 'The prediction; without it neither it nor its errors are judged' },
  'label-column': { value: 'column', help: 'The outcome; an empty cell has none' },
  'label-time-column': { value: 'column', help: 'When the outcome was known; at once without it' },
  'attribution-window': { value: 'hours', help: 'An outcome known later than this does not count', default: '1d' },
  task: { value: 'task', help: 'What is predicted', choices: ['binary', 'regression'], default: 'binary' },
  categorical: { value: 'columns', help: 'Columns of numbers that are categories' },
  exclude: { value: 'columns', help: 'Columns to leave out, separated by commas' },
  'current-policy': { value: 'file', help: 'What the candidate is compared with; the default policy without it' },
  every: { value: 'hours', help: 'Between two evaluations, e.g. 6h or 1d', default: '6h' },
};

const serviceOptions: Readonly<Record<string, Option>> = {
  url: { value: 'url', help: 'Instead of files: the API of a service; its token is in RUNWAY_TOKEN' },
  model: { value: 'id', help: 'With --url: the model' },
  from: { value: 'time', help: 'With --url: first moment (30 days before --to)' },
  to: { value: 'time', help: 'With --url: last moment (now)' },
};

export const backtestCommand: Command = {
  name: 'backtest',
  summary: 'When a policy would have alerted over a history, beside the current policy',
  options: {
    policy: { value: 'file', help: 'The candidate: JSON, the fields that are to change', isRequired: true },
    ...fileOptions,
    degraded: { value: 'from..to', help: 'When the model really was worse; several allowed', isRepeatable: true },
    'retrain-cost': { value: 'cost', help: 'Of one retrain, in any unit', default: '1' },
    ...serviceOptions,
  },
  notes: [
    'A policy file changes the default policy of a tier-3 model, or with --url the policy of the model. In files there is',
    'no team and so no alert budget: fleetControl is false unless the file says true, which makes a team of one model.',
    'Without --degraded the labels tell when the model was worse. Rows may be in any order.',
  ].join('\n'),
  run,
};

async function run(options: Options, open: OpenFile, step: ShowStep): Promise<Report> {
  const isService = options.isSet('url');
  const [others, mode] = isService ? [fileOptions, 'files'] : [serviceOptions, '--url'];
  const misplaced = Object.keys(others).find((name) => options.isSet(name));
  if (misplaced !== undefined) throw new UsageError(`--${misplaced} goes with ${mode}, expected one or the other`);
  const report = isService ? await onService(options) : await onFiles(options, open, step);
  return { json: report, table: () => backtestTable(report) };
}

async function onService(options: Options): Promise<ShownReport> {
  const url = needed(options, 'url');
  if (!URL.canParse(url)) throw new UsageError(`--url is ${url}, expected the address of an API without /v1`);
  return backtestService({
    url,
    token: process.env.RUNWAY_TOKEN,
    modelId: needed(options, 'model'),
    policyFile: options.text('policy'),
    from: instantOption(options, 'from'),
    to: instantOption(options, 'to'),
    degradations: stretchesOption(options, 'degraded'),
    retrainCost: costOf(options),
  });
}

async function onFiles(options: Options, open: OpenFile, step: ShowStep): Promise<FileReport> {
  const columns = columnsOf(options);
  const files = { reference: needed(options, 'reference'), current: needed(options, 'current') };
  const settings = {
    columns,
    exclude: options.list('exclude'),
    categorical: options.list('categorical'),
    intervalHours: hoursOption(options, 'every'),
    attributionWindowMinutes: columns.labelTime === undefined ? 0 : 60 * hoursOption(options, 'attribution-window'),
    degradations: stretchesOption(options, 'degraded'),
    retrainCost: costOf(options),
  };
  const currentFile = options.optional('current-policy');
  const current = currentFile === undefined ? filePolicy : await readPolicy(currentFile, filePolicy);
  const candidate = await readPolicy(options.text('policy'), filePolicy);
  const side = async (file: string) => ({
    table: await open(file),
    choice: { file, window: undefined, timeColumn: columns.time },
  });
  const sides = { reference: await side(files.reference), current: await side(files.current) };
  return backtestFiles({ ...settings, sides, current, candidate }, step);
}

function columnsOf(options: Options): ScoredColumns {
  const [score, label] = [options.optional('score-column'), options.optional('label-column')];
  const labelTime = options.optional('label-time-column');
  if (label !== undefined && score === undefined)
    throw new UsageError('--score-column <column> is missing, which --label-column needs');
  if (labelTime !== undefined && label === undefined)
    throw new UsageError('--label-column <column> is missing, which --label-time-column needs');
  return { time: needed(options, 'time-column'), score, label, labelTime, task: options.text('task') as TaskType };
}

function needed(options: Options, name: string): string {
  const value = options.optional(name);
  if (value !== undefined) return value;
  const { value: placeholder } = { ...fileOptions, ...serviceOptions }[name]!;
  throw new UsageError(`--${name} <${placeholder}> is missing`);
}

function costOf(options: Options): number {
  const cost = Number(options.text('retrain-cost'));
  if (cost >= 0 && cost <= 1e9) return cost;
  throw new UsageError(`--retrain-cost is ${options.text('retrain-cost')}, expected 0 to 1e9`);
}
