import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DemoOptions } from './options.ts';

export const projectDirectory = fileURLToPath(new URL('../../../', import.meta.url));

/** Writes the cloud assembly for a stage whose schedules fire every `evaluationHours`. Throws with the app's complaint. */
export async function synthesize(
  outdir: string,
  { evaluationHours, batch }: Pick<DemoOptions, 'evaluationHours' | 'batch'>,
  signal: AbortSignal,
): Promise<void> {
  const minutes = evaluationHours * 60;
  const names = ['scanIntervalMinutes', 'decisionIntervalMinutes', 'graphIntervalMinutes', 'sweepIntervalMinutes'];
  const intervals = names.map((name) => `${name}=${minutes}`);
  const context = ['stage=demo', ...intervals, `batchJoin=${batch ? 'on' : 'off'}`];
  await runNode(['infra/app.ts', '--outdir', outdir, ...context.flatMap((pair) => ['-c', pair])], signal);
}

/** Runs a program of this project to its end; only its complaints are shown. Throws when it fails or is aborted. */
export async function runNode(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [...argv], {
    cwd: projectDirectory,
    stdio: ['ignore', 'ignore', 'inherit'],
    signal,
  });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`node ${argv[0]} ended with status ${status}`);
}
