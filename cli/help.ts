import type { Command, Option } from './command.ts';

export function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(14)}${summary}`);
  return [
    'Usage: runway <command> [options]',
    '',
    'Judges models from files (CSV, NDJSON, gzip of either, Parquet). The result is JSON on stdout.',
    '',
    ...lines,
    '',
    'runway <command> --help tells the options. Exit codes: 0 done, 1 not readable or not done, 2 wrong usage.',
    '',
  ].join('\n');
}

export function commandHelp({ name, summary, options, notes }: Command): string {
  const entries = Object.entries(options);
  const required = entries
    .filter(([, { isRequired }]) => isRequired)
    .map(([option, { value }]) => `--${option} <${value}>`);
  const width = Math.max(...entries.map(([option, { value }]) => `--${option} <${value}>`.length)) + 2;
  const lines = entries.map(([option, about]) => `  ${left(option, about).padEnd(width)}${right(about)}`);
  return [
    `Usage: runway ${[name, ...required].join(' ')} [options]`,
    '',
    summary,
    '',
    ...lines,
    ...(notes === undefined ? [] : ['', notes]),
    '',
  ].join('\n');
}

function left(name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} <${value}>`;
}

function right({ help, choices, default: fallback }: Option): string {
  const values = choices === undefined ? '' : `: ${choices.join(' or ')}`;
  return `${help}${values}${fallback === undefined ? '' : ` (default ${fallback})`}`;
}
