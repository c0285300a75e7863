import { textLines } from '../../shared/adapters/tables/text-chunks.ts';
import type { Command, Options, Report, ShowStep } from '../command.ts';
import { fileSource } from '../file-source.ts';
import { importIntoService } from '../import/import-service.ts';
import { importTable } from '../import/import-table.ts';
import { lineParts } from '../import/line-parts.ts';
import { UsageError } from '../usage-error.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'Tell the lifecycle graph what a provider knows, however large the file is',
  options: {
    lines: { value: 'file', help: 'NDJSON of entities, edges and retirements; .gz is unpacked', isRequired: true },
    url: { value: 'url', help: 'The API of a service; its token is in RUNWAY_TOKEN', isRequired: true },
    provider: { value: 'name', help: 'Whose mutation it is' },
    mode: {
      value: 'mode',
      help: 'full: what the file does not say, the provider no longer has; delta: what has changed',
      choices: ['full', 'delta'],
    },
    resume: { value: 'import', help: 'Instead of --provider and --mode: go on with an import that was interrupted' },
  },
  notes: [
    'docs/lineage-graph.md tells what lines look like; npm run lineage makes them of exports of other tools.',
    'Lines that are not accepted are in the report with their part and line, and the others hold; a full import ends',
    'nothing while there are any. Stopping the command stops nothing that was committed.',
  ].join('\n'),
  run,
};

async function run(options: Options, _open: unknown, step: ShowStep): Promise<Report> {
  const url = options.text('url');
  if (!URL.canParse(url)) throw new UsageError(`--url is ${url}, expected the address of an API without /v1`);
  const begin = beginning(options);
  const report = await importIntoService(
    { url, token: process.env.RUNWAY_TOKEN, begin, parts: partsOf(options.text('lines')) },
    step,
  );
  return { json: report, table: () => importTable(report) };
}

function beginning(options: Options) {
  const importId = options.optional('resume');
  const given = ['provider', 'mode'].filter((name) => options.isSet(name));
  if (importId !== undefined) {
    if (given[0] !== undefined) throw new UsageError(`--${given[0]} is given with --resume, expected one or the other`);
    return { importId };
  }
  const [provider, mode] = [options.optional('provider'), options.optional('mode')];
  if (provider === undefined) throw new UsageError('--provider <name> is missing');
  if (mode !== 'full' && mode !== 'delta') throw new UsageError('--mode full or --mode delta is missing');
  return { provider, mode } as const;
}

async function* partsOf(path: string) {
  yield* lineParts(textLines(await fileSource(path)));
}
