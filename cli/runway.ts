import { commands } from './commands.ts';
import { main } from './main.ts';

// Whoever reads the result may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(commands, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  milliseconds: () => performance.now(),
});
