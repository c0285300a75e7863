import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { runCli, runJson, temporaryFolder } from '../../support/run-cli.ts';

const { write, remove } = temporaryFolder();
afterAll(remove);

type Row = Readonly<Record<string, number | string | null>>;

const csv = (rows: readonly Row[]) =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map((cell) => cell ?? ''))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
const ndjson = (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Flights: delays that grow in the second window, a carrier that disappears from it, wind that stays as it is. */
function flights(rows: number): readonly Row[] {
  const random = seededRandom(7);
  return Array.from({ length: rows }, (_, i) => {
    const isLater = i % 2 === 1;
    return {
      window: isLater ? 'now' : 'before',
      at: 1_700_000_000 + i * 3_600,
      delay: random() < 0.1 ? null : Math.round(100 * random() ** (isLater ? 1 : 2)) / 4,
      wind: Math.floor(random() * 30),
      carrier: random() < 0.05 ? null : ['AA', 'BB', isLater ? 'AA' : 'CC', 'DD'][Math.floor(random() * 4)]!,
    };
  });
}

const rows = flights(2_000);
const file = write('flights.csv', csv(rows));
const windows = (path: string) => [
  `--reference=${path}`,
  `--current=${path}`,
  '--window-column=window',
  '--reference-window=before',
  '--current-window=now',
];
const drift = (...args: readonly string[]) => runJson('drift', ...args);
/** What a command printed. */
type Json = Awaited<ReturnType<typeof runJson>>;
const columnOf = (json: Json, name: string): Json => json.columns.find((column: Json) => column.name === name);

/** Two files of one column `x`. */
async function driftOfX(
  reference: readonly (string | number)[],
  current: readonly (string | number)[],
  ...more: string[]
) {
  const text = (cells: readonly (string | number)[]) => `x,y\n${cells.map((cell) => `${cell},1\n`).join('')}`;
  const files = [`--reference=${write('r.csv', text(reference))}`, `--current=${write('c.csv', text(current))}`];
  const { columns } = await drift(...files, '--exclude=y', ...more);
  return columns[0];
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('drift between files', () => {
  it('finds what drifted, in numbers and in categories, and leaves the rest', async () => {
    const json = await drift(...windows(file), '--exclude=at');
    expect(json.rows).toEqual({ reference: 1_000, current: 1_000 });
    expect(json.independence).toBe('rows are taken as independent: no --time-column');
    expect(json.columns.map(({ name, kind, verdict }: Json) => [name, kind, verdict.kind])).toEqual([
      ['delay', 'numeric', 'breach'],
      ['wind', 'numeric', 'ok'],
      ['carrier', 'categorical', 'breach'],
    ]);
    const [delay, carrier] = [columnOf(json, 'delay'), columnOf(json, 'carrier')];
    expect(delay.metrics).toMatchObject({ chiSquare: null, reasons: { chiSquare: 'for categories only' } });
    expect(carrier.metrics).toMatchObject({ ks: null, wasserstein: null, reasons: { ks: 'for numbers only' } });
    expect(carrier.bins.categories).toEqual(['AA', 'BB', 'CC', 'DD']);
  });

  it('is the same from CSV, gzip, NDJSON and Parquet', async () => {
    const names = Object.keys(rows[0]!);
    const types: Record<string, 'STRING' | 'INT64' | 'DOUBLE' | 'INT32'> = {
      at: 'INT64',
      delay: 'DOUBLE',
      wind: 'INT32',
    };
    const cell = (name: string, value: Row[string]) => (name === 'at' ? BigInt(value as number) : (value ?? null));
    const columnData = names.map((name) => ({
      name,
      type: types[name] ?? ('STRING' as const),
      data: rows.map((row) => cell(name, row[name]!)),
    }));
    const parquet = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 300 }));
    const expected = await drift(...windows(file), '--time-column=at');
    for (const path of [
      write('flights.csv.gz', gzipSync(csv(rows))),
      write('flights.ndjson', ndjson(rows)),
      write('flights.parquet', parquet),
    ])
      expect(await drift(...windows(path), '--time-column=at')).toEqual(expected);
  });

  it('counts days and not rows as evidence when there is a time column', async () => {
    const json = await drift(...windows(file), '--time-column=at');
    expect(json.independence).toBe('days of at are taken as independent: 85 in the reference, 85 now');
    // The first day has one row of the first window, and that without a delay.
    expect(columnOf(json, 'delay').verdict.reason).toContain('over 84 and 85 blocks');
    // A sudden jump on three days: for independent rows proof, for days none.
    const clustered = upTo(1_200).map((i) => ({ at: Math.floor(i / 100) * 86_400, x: Math.floor(i / 100) % 4 }));
    const shifted = clustered.map(({ at, x }) => ({ at, x: at < 3 * 86_400 ? 3 : x }));
    const files = [`--reference=${write('r.csv', csv(clustered))}`, `--current=${write('c.csv', csv(shifted))}`];
    const kinds = async (...more: readonly string[]) => (await drift(...files, ...more)).columns[0].verdict.kind;
    expect(await kinds('--exclude=at')).toBe('breach');
    expect(await kinds('--time-column=at')).not.toBe('breach');
  });

  it('takes a column for numbers as long as all texts of the reference are numbers, NaN and infinity among them', async () => {
    const kindOf = async (cells: readonly (string | number)[]) => (await driftOfX(cells, cells)).kind;
    expect(await kindOf([1, '', '-2.5e3', 'NaN', 'inf', '-Infinity', '+4', ' 5'])).toBe('numeric');
    for (const text of ['1,5', 'x', '0x10', 'true', '-', '2026-01-01', 'NULL'])
      expect(await kindOf([1, 2, `"${text}"`])).toBe('categorical');
  });

  it('reads a column again whose first text comes late', async () => {
    const cells = [...upTo(20_000).map((i) => i % 7), 'x'];
    const path = write('late.ndjson', ndjson(cells.map((x) => ({ x, y: 1 }))));
    const { columns } = await drift(`--reference=${path}`, `--current=${path}`);
    expect(columns.map(({ kind }: Json) => kind)).toEqual(['categorical', 'numeric']);
    expect(columns[0].bins.categories).toEqual(['0', '1', '2', '3', '4', '5', '6', 'x']);
    expect(columns[0].bins.currentCounts[0]).toBe(2_858);
  });

  it('counts missing, infinite and textual values apart from the numbers', async () => {
    const column = await driftOfX([...upTo(50), '', 'NaN', 'inf'], [...upTo(50), '', 'none', 'none', '-inf', '-inf']);
    expect(column).toMatchObject({
      n: { reference: 53, current: 55 },
      missing: { reference: 2, current: 1 },
      infinite: { reference: 1, current: 2 },
      texts: { reference: 0, current: 2 },
    });
    expect(Object.keys(column.apart)).toEqual(['missing', 'infinite', 'texts']);
    expect(column.bins.currentCounts.reduce((sum: number, count: number) => sum + count, 0)).toBe(50);
  });

  it('warns of values that went missing, and breaches when all of them did', async () => {
    const half = await driftOfX(upTo(1_000), [...upTo(1_000), ...upTo(1_000).map(() => '')]);
    expect(half.verdict.kind).toBe('warning');
    expect(half.apart.missing.kind).toBe('breach');
    const all = await driftOfX(
      upTo(1_000),
      upTo(1_000).map(() => ''),
    );
    expect(all.verdict).toMatchObject({ kind: 'breach', effect: null });
    expect(all.metrics).toMatchObject({ psi: null, reasons: { psi: 'no valid value in the window' } });
  });

  it('takes what numbers stand for when it is told to', async () => {
    const column = await driftOfX([1, 2, 10], [1, 2, 10], '--categorical=x');
    expect(column.bins.categories).toEqual(['1', '10', '2']);
  });

  it('judges thousands of categories, the rarest together', async () => {
    const ids = upTo(3_000).map((i) => `id-${i}`);
    const column = await driftOfX(
      ids,
      ids.map((id) => `${id}-new`),
    );
    expect(column.bins.categories).toHaveLength(6_000);
    expect(column.unseen).toBe(3_000);
    expect(column.metrics.totalVariation).toBeCloseTo(1, 9);
  });

  it.each([
    ['one row a side', [1], [2]],
    ['equal rows', [5, 5, 5], [5, 5, 5]],
    ['nothing but nulls', ['', ''], ['', '']],
    ['nulls before', ['', ''], [1, 2]],
    ['nulls before, categories now', ['', ''], ['a', 'b']],
    ['nulls now', ['a', 'b'], ['', '']],
    ['infinities', ['inf', '-inf'], ['inf', 'NaN']],
    ['values that span all doubles', ['-1.7e308', '1.7e308'], ['1e-320', 0]],
  ])('gives figures or reasons, and no NaN, for %s', async (_, reference, current) => {
    const column = await driftOfX(reference, current);
    expect(['ok', 'insufficient-data', 'warning', 'breach']).toContain(column.verdict.kind);
    expect(column.verdict.reason).not.toMatch(/NaN|undefined/);
    const { reasons = {}, ...metrics } = column.metrics;
    for (const [name, value] of Object.entries(metrics)) if (value === null) expect(reasons[name]).toMatch(/\w/);
    if (column.metrics.psi !== null) expect(column.metrics.psi.value).toBeGreaterThanOrEqual(0);
  });

  it('prints a table for people', async () => {
    const { out } = await runCli('drift', ...windows(file), '--exclude=at', '--format=table');
    expect(out).toMatch(/^1000 rows before, 1000 now; rows are taken as independent/);
    expect(out).toMatch(/wind +numeric +ok/);
  });
});

describe('drift refuses', () => {
  const refused = async (expected: { readonly code: 1 | 2; readonly message: string }, ...args: readonly string[]) => {
    const { code, out, error } = await runCli('drift', ...args);
    expect(error).toContain(expected.message);
    expect({ code, out }).toEqual({ code: expected.code, out: '' });
  };
  const both = (path: string) => [`--reference=${path}`, `--current=${path}`];

  it('files that are not there, empty, ragged, cut off or of another kind', async () => {
    const cut = write('cut.csv.gz', gzipSync(csv(rows)).subarray(0, 900));
    await refused({ code: 1, message: 'absent.csv: cannot be opened' }, ...both('absent.csv'));
    await refused({ code: 1, message: 'none.csv: empty' }, ...both(write('none.csv', '')));
    await refused({ code: 1, message: 'head.csv: no row, expected at least one' }, ...both(write('head.csv', 'a,b\n')));
    await refused({ code: 1, message: 'line 3 has 1 cells' }, ...both(write('ragged.csv', 'a,b\n1,2\n3\n')));
    await refused({ code: 1, message: 'cut.csv.gz: the gzip stream ends early' }, ...both(cut));
    await refused({ code: 1, message: 'not Parquet, or cut off' }, ...both(write('f.parquet', 'PAR1')));
    await refused({ code: 1, message: 'unknown ending' }, ...both(write('f.xlsx', 'x')));
  });

  it('columns that are not there, or none at all', async () => {
    const other = write('other.csv', 'window,at\nnow,1\n');
    await refused({ code: 1, message: 'no column "tail"' }, ...both(file), '--exclude=tail');
    await refused({ code: 1, message: 'no column "tail"' }, ...both(file), '--time-column=tail');
    await refused(
      { code: 1, message: 'other.csv: no column "delay", which' },
      `--reference=${file}`,
      `--current=${other}`,
    );
    await refused({ code: 1, message: 'no column is left' }, ...both(other), '--exclude=window,at');
    await refused({ code: 1, message: 'has carrier "' }, ...both(file), '--time-column=carrier');
  });

  it('windows that are not there, the same, or without a column', async () => {
    const named = (reference: string, current: string) => [
      `--reference-window=${reference}`,
      `--current-window=${current}`,
    ];
    const column = '--window-column=window';
    await refused(
      { code: 1, message: 'no row has window "later", there are before, now' },
      ...both(file),
      column,
      ...named('before', 'later'),
    );
    await refused({ code: 2, message: 'are both now' }, ...both(file), column, ...named('now', 'now'));
    await refused(
      { code: 2, message: '--window-column <column> is missing' },
      ...both(file),
      ...named('before', 'now'),
    );
    await refused({ code: 2, message: 'names no window' }, ...both(file), column);
  });

  it('limits that are none', async () => {
    await refused({ code: 2, message: '--alpha is 0, expected a number above 0' }, ...both(file), '--alpha=0');
    await refused({ code: 2, message: '--warning is 0.5, expected at most --breach' }, ...both(file), '--warning=0.5');
  });
});
