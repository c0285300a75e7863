import type { Command } from './command.ts';
import { backtestCommand } from './commands/backtest.ts';
import { driftCommand } from './commands/drift.ts';
import { embeddingsCommand } from './commands/embeddings.ts';
import { importCommand } from './commands/import.ts';
import { performanceCommand } from './commands/performance.ts';

/** Every subcommand; a new one is a file in `commands/` and a line here. */
export const commands: readonly Command[] = [
  driftCommand,
  embeddingsCommand,
  performanceCommand,
  backtestCommand,
  importCommand,
];
