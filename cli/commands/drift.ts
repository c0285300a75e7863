import type { Command, OpenFile, Options, Report } from '../command.ts';
import type { ColumnDrift, Sides } from '../drift/column-drift.ts';
import { type Comparison, compareTables, type Side } from '../drift/compare-tables.ts';
import { comparedNames } from '../drift/compared-names.ts';
import type { Strictness } from '../drift/judge-column.ts';
import { textTable } from '../text-table.ts';
import { UsageError } from '../usage-error.ts';

export const driftCommand: Command = {
  name: 'drift',
  summary: 'Which columns of a file are distributed otherwise than in a reference',
  options: {
    reference: { value: 'file', help: 'What is compared with', isRequired: true },
    current: { value: 'file', help: 'What is judged; may be the same file', isRequired: true },
    'window-column': { value: 'column', help: 'Names the window of a row' },
    'reference-window': { value: 'name', help: 'Only these rows of the reference' },
    'current-window': { value: 'name', help: 'Only these rows of the current file' },
    exclude: { value: 'columns', help: 'Columns to leave out, separated by commas' },
    categorical: { value: 'columns', help: 'Columns of numbers that are categories' },
    'time-column': { value: 'column', help: 'Evidence counts days of this column, not rows' },
    warning: { value: 'psi', help: 'PSI from which on a proven shift is a warning', default: '0.1' },
    breach: { value: 'psi', help: 'PSI from which on it is a breach', default: '0.25' },
    alpha: { value: 'p', help: 'Significance level of each column', default: '0.001' },
  },
  notes: [
    'A column is numeric when all values of the reference are numbers, else categorical. Without --time-column rows are',
    'taken as independent of each other, which rows of a stream are not: give one, and days are what evidence counts.',
  ].join('\n'),
  run,
};

async function run(options: Options, open: OpenFile): Promise<Report> {
  const windows = windowsOf(options);
  const strictness = strictnessOf(options);
  const files = { reference: options.text('reference'), current: options.text('current') };
  const timeColumn = options.optional('time-column');
  const side = async (which: keyof Sides<unknown>): Promise<Side> => ({
    table: await open(files[which]),
    choice: { file: files[which], window: windows[which], timeColumn },
  });
  const sides = { reference: await side('reference'), current: await side('current') };
  const aside = [windows.reference?.column, windows.current?.column, timeColumn].filter((name) => name !== undefined);
  const categorical = options.list('categorical');
  const names = comparedNames(sides, { aside, exclude: options.list('exclude'), categorical });
  const isColumnar = Object.values(files).every((file) => file.toLowerCase().endsWith('.parquet'));
  const reading = isColumnar ? 'one-by-one' : 'at-once';
  const comparison = await compareTables(sides, { names, categorical, reading }, strictness);
  const { rows, columns } = comparison;
  const json = { rows, independence: independenceOf(comparison, timeColumn), ...strictness, columns };
  return { json, table: () => tableOf(json) };
}

function windowsOf(options: Options): Sides<Side['choice']['window']> {
  const column = options.optional('window-column');
  const [reference, current] = [options.optional('reference-window'), options.optional('current-window')];
  if (column === undefined) {
    if ((reference ?? current) === undefined) return { reference: undefined, current: undefined };
    throw new UsageError('--window-column <column> is missing, which a window needs');
  }
  if ((reference ?? current) === undefined)
    throw new UsageError('--window-column names no window, expected --reference-window or --current-window');
  if (reference === current && options.text('reference') === options.text('current'))
    throw new UsageError(`--reference-window and --current-window are both ${reference}, expected two windows`);
  const window = (value: string | undefined) => (value === undefined ? undefined : { column, value });
  return { reference: window(reference), current: window(current) };
}

function strictnessOf(options: Options): Strictness {
  const [warning, breach] = [positive(options, 'warning'), positive(options, 'breach')];
  const alpha = positive(options, 'alpha');
  if (warning > breach) throw new UsageError(`--warning is ${warning}, expected at most --breach, which is ${breach}`);
  if (alpha >= 1) throw new UsageError(`--alpha is ${alpha}, expected less than 1`);
  return { limits: { warning, breach }, alpha };
}

function positive(options: Options, name: string): number {
  const value = Number(options.text(name));
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new UsageError(`--${name} is ${options.text(name)}, expected a number above 0`);
}

function independenceOf({ days }: Comparison, timeColumn: string | undefined): string {
  if (days === undefined) return 'rows are taken as independent: no --time-column';
  return `days of ${timeColumn} are taken as independent: ${days.reference} in the reference, ${days.current} now`;
}

type Json = { readonly rows: Sides<number>; readonly independence: string; readonly columns: readonly ColumnDrift[] };

function tableOf({ rows, independence, columns }: Json): string {
  const header = ['column', 'kind', 'verdict', 'PSI', 'p', 'missing before', 'now', 'reason'];
  const lines = columns.map(({ name, kind, verdict, metrics, missing, n }) => [
    name,
    kind,
    verdict.kind,
    psiOf(metrics),
    verdict.pValue,
    missing.reference / n.reference,
    missing.current / n.current,
    verdict.reason,
  ]);
  return [`${rows.reference} rows before, ${rows.current} now; ${independence}`, '', textTable(header, lines)].join(
    '\n',
  );
}

function psiOf({ psi }: ColumnDrift['metrics']): number | null {
  return typeof psi === 'object' && psi !== null && 'value' in psi && typeof psi.value === 'number' ? psi.value : null;
}
