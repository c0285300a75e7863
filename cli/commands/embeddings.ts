import { readEmbeddings } from '../../shared/adapters/tables/read-embeddings.ts';
import { type EmbeddingReport, embeddingReport } from '../../shared/domain/health/embedding/embedding-report.ts';
import { commonSample } from '../../shared/domain/health/embedding/id-sample.ts';
import { judgeEmbeddings } from '../../shared/domain/health/embedding/judge-embeddings.ts';
import type { Command, OpenFile, Options, Report } from '../command.ts';
import { textTable } from '../text-table.ts';
import { UsageError } from '../usage-error.ts';

export const embeddingsCommand: Command = {
  name: 'embeddings',
  summary: 'Whether two versions of an embedding place the same items alike, and in the same coordinates',
  options: {
    reference: { value: 'file', help: 'Vectors of the version that serves', isRequired: true },
    current: { value: 'file', help: 'Vectors of the version that follows', isRequired: true },
    'id-column': { value: 'column', help: 'Of all files; the other columns are coordinates', default: 'id' },
    noise: { value: 'files', help: 'Vectors of the reference trained again on resampled data: the noise floor' },
    aligned: { value: 'file', help: 'Vectors published for consumers of raw coordinates, if not the current ones' },
    comparison: { value: 'what', help: 'What is compared', choices: ['versions', 'windows'], default: 'versions' },
    k: { value: 'number', help: 'Neighbours whose overlap is taken', default: '10' },
    seed: { value: 'number', help: 'Of samples, resampling and permutations', default: '1' },
    'maximum-rows': { value: 'number', help: 'Of more shared ids a sample is compared', default: '5000' },
  },
  notes: [
    'A file has a column for each coordinate, or one column of lists ([0.1, 0.2]). With --comparison windows both files',
    'are from one version, and their ids need not be the same.',
  ].join('\n'),
  run,
};

async function run(options: Options, open: OpenFile): Promise<Report> {
  const [k, seed, maximumRows] = [
    integer(options, 'k', 1),
    integer(options, 'seed', 0),
    integer(options, 'maximum-rows', 100),
  ];
  const aligned = options.optional('aligned');
  const noise = options.list('noise');
  const files = [options.text('reference'), options.text('current'), ...noise];
  const samples = [];
  for (const file of aligned === undefined ? files : [...files, aligned])
    samples.push(await readEmbeddings(await open(file), { file, idColumn: options.text('id-column') }));
  const { sets, sampledRatio } = commonSample(samples);
  const [reference, current, ...others] = sets as [(typeof sets)[0], (typeof sets)[0], ...typeof sets];
  const published = aligned === undefined ? undefined : others.pop();
  const comparison = judgeEmbeddings(
    { reference, current },
    {
      seed,
      neighbours: k,
      maximumRows,
      comparison: options.text('comparison') === 'windows' ? 'windows' : 'versions',
      noise: others.map((other) => ({ reference, current: other })),
      ...(published === undefined ? {} : { aligned: published }),
    },
  );
  const report = embeddingReport(comparison, k);
  const rows = { reference: samples[0]!.rowsInFile, current: samples[1]!.rowsInFile };
  const json = {
    rows,
    ...report,
    sample: { idRatio: sampledRatio, rows: comparison.n, shared: comparison.rows.shared },
  };
  const { shared } = comparison.rows;
  return { json, table: () => `${tableOf(report)}\n\n${sampleText(report, shared, sampledRatio)}` };
}

function sampleText({ n, relation, seed }: EmbeddingReport, shared: number, ratio: number): string {
  const compared = relation === 'matched' ? `${n} of ${shared} shared ids` : `${n} rows of each side`;
  return `compared ${compared}${ratio === 1 ? '' : `, in a sample of ${100 * ratio} % of the ids`}, seed ${seed}`;
}

function integer(options: Options, name: string, least: number): number {
  const value = Number(options.text(name));
  if (Number.isInteger(value) && value >= least && value <= 1e6) return value;
  throw new UsageError(`--${name} is ${options.text(name)}, expected a whole number from ${least}`);
}

function tableOf(report: EmbeddingReport): string {
  const { verdict } = report;
  const checks = [verdict.intrinsic, verdict.coordinates].flatMap(({ checks: list }, side) =>
    list.map(({ name, verdict: kind, value, noise, limits }) => [
      side === 0 ? 'intrinsic' : 'coordinates',
      name,
      value,
      noise,
      limits?.warning ?? null,
      limits?.breach ?? null,
      kind,
    ]),
  );
  const figures = [
    ['n', report.n],
    ['idCoverage', report.idCoverage],
    ['ckaLinear', report.ckaLinear],
    ['ckaLinearDebiased', report.ckaLinearDebiased],
    ['mmd2Unbiased', report.mmd.mmd2Unbiased],
    ['mmd pValue', report.mmd.pValue],
  ];
  return [
    `intrinsic    ${verdict.intrinsic.kind}: ${verdict.intrinsic.reason}`,
    `coordinates  ${verdict.coordinates.kind}: ${verdict.coordinates.reason}`,
    '',
    textTable(['side', 'check', 'value', 'noise', 'warning', 'breach', 'verdict'], checks),
    '',
    textTable(['figure', 'value'], figures as (readonly (string | number | null)[])[]),
  ].join('\n');
}
