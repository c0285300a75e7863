import type { Command } from './command.ts';
import { embeddingsCommand } from './commands/embeddings.ts';
import { performanceCommand } from './commands/performance.ts';

/** Every subcommand; a new one is a file in `commands/` and a line here. */
export const commands: readonly Command[] = [embeddingsCommand, performanceCommand];
