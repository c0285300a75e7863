import { RunwayApiError } from '../sdk/client.ts';
import { isRunwayError } from '../shared/domain/errors.ts';
import type { Command, Option } from './command.ts';
import { commandHelp, overview } from './help.ts';
import { openFile } from './open-file.ts';
import { parseOptions } from './parse-options.ts';
import { lineProgress } from './progress.ts';
import { UsageError } from './usage-error.ts';

/** Where a command writes, and its clock. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  milliseconds(): number;
}

const common: Readonly<Record<string, Option>> = {
  format: { value: 'format', help: 'What is printed', choices: ['json', 'table'], default: 'json' },
  help: { help: 'This text' },
};

/** Runs one command line. The exit code: 0 done, 1 not readable or not done, 2 wrong usage. */
export async function main(
  commands: readonly Command[],
  args: readonly string[],
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  try {
    await dispatch(commands, args, terminal);
    return 0;
  } catch (error) {
    terminal.error(`runway: ${messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(commands: readonly Command[], [name, ...args]: readonly string[], terminal: Terminal) {
  if (name === undefined || name === '--help' || name === '-h') return terminal.out(overview(commands));
  const found = commands.find((candidate) => candidate.name === name);
  if (found === undefined) {
    const known = commands.map((command) => command.name).join(', ');
    throw new UsageError(`unknown command ${name}, expected one of ${known}`);
  }
  const command = { ...found, options: { ...found.options, ...common } };
  if (args.includes('--help')) return terminal.out(commandHelp(command));
  const options = parseOptions(command.options, args);
  const progress = lineProgress(terminal.error, terminal.milliseconds);
  const report = await found.run(options, (path) => openFile(path, progress), progress.step);
  terminal.out(options.text('format') === 'json' ? `${JSON.stringify(report.json)}\n` : `${report.table()}\n`);
}

/** A fault of ours shows where it happened. */
function messageOf(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}; --help tells the usage`;
  if (isRunwayError(error) || error instanceof RunwayApiError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
