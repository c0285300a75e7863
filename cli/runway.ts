import { commands } from './commands.ts';
import { main } from './main.ts';

process.exitCode = await main(commands, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  milliseconds: () => performance.now(),
});
