import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** One of the example's own processes. It ends with this one: its channel closes. */
export type Worker<C, R> = {
  /** Sends a command and waits for its report. Throws when the process has ended. */
  ask(command: C): Promise<R>;
  stop(): Promise<void>;
};

/** Starts `file` (beside `demo.ts`) and waits for its first report. Throws when it ends before. */
export async function startWorker<C, R>(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<Worker<C, R>> {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // Every question asks whether the process is still there; that it is not is no further news.
  child.on('error', () => undefined);
  const nextReport = reportReader<R>(child, file);
  await nextReport();
  return {
    ask: (command) => {
      const report = nextReport();
      if (child.connected) child.send(command as object);
      return report;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function reportReader<R>(child: ChildProcess, file: string): () => Promise<R> {
  return () =>
    new Promise((resolve, reject) => {
      if (!child.connected) return reject(new Error(`${file} has ended with status ${child.exitCode}`));
      const onMessage = (report: unknown) => settle(() => resolve(report as R));
      const onExit = (code: number | null) => settle(() => reject(new Error(`${file} ended with status ${code}`)));
      const settle = (how: () => void) => {
        child.off('message', onMessage).off('exit', onExit);
        how();
      };
      child.on('message', onMessage).on('exit', onExit);
    });
}
