import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface SupervisedProcess {
  readonly process: ChildProcess;
  /** Resolves when the command is gone. */
  stop(): Promise<void>;
}

// The shell holds the read end of a pipe whose only writer is this process. However this process ends, even by
// kill -9, the pipe closes and the shell kills the command.
const supervise =
  'exec 3<&0; "$@" </dev/null 3<&- & pid=$!; { cat <&3 >/dev/null; kill -9 $pid; } 2>/dev/null & wait $pid';

/** Starts a command that cannot outlive this process. It is out of reach of the terminal's Ctrl-C: use `stop`. */
export function startSupervised(command: string, args: readonly string[], onLine?: (text: string) => void) {
  const child = spawn('sh', ['-c', supervise, 'sh', command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = once(child, 'exit');
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onLine ?? (() => undefined));
  const supervised: SupervisedProcess = {
    process: child,
    async stop() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await exited;
    },
  };
  return supervised;
}
