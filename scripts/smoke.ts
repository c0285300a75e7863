import { readOptions, usage } from './smoke/options.ts';
import { runSmoke } from './smoke/run-smoke.ts';

/** `npm run smoke -- --url https://…`: tries a deployment with a model that is retired afterwards. Exit status 0 or 1. */
try {
  const options = await readOptions(process.argv.slice(2));
  const passed = await runSmoke(options, (line) => void process.stdout.write(`${line}\n`));
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
