import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Place } from '../mutation/customer.ts';

const runner = fileURLToPath(new URL('run-cloud.ts', import.meta.url));
/** How long what the killed process had started may take to notice. */
const patienceMilliseconds = 5_000;

type Process = { readonly pid: number; readonly parent: number; readonly isZombie: boolean; readonly command: string };

function processes(): readonly Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args=']).toString().split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined
      ? []
      : [
          {
            pid: Number(pid),
            parent: Number(parent),
            isZombie: state?.startsWith('Z') ?? false,
            command: command ?? '',
          },
        ];
  });
}

/** A process and everything below it. */
function treeOf(root: number): readonly Process[] {
  const all = processes();
  const below = (pid: number): readonly Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return [...all.filter(({ pid }) => pid === root), ...below(root)];
}

/** Waits until none of them runs any more; throws naming those that do. */
async function expectGone(tree: readonly Process[]): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds;
  for (;;) {
    const alive = processes().filter(
      ({ pid, isZombie, command }) => !isZombie && tree.some((dead) => dead.pid === pid && dead.command === command),
    );
    if (alive.length === 0) return;
    if (performance.now() > deadline)
      throw new Error(`still running: ${alive.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
    await delay(20);
  }
}

/** Processes that name this folder on their command line. */
export function processesOf(folder: string): readonly string[] {
  return processes().flatMap(({ pid, command }) =>
    pid !== process.pid && command.includes(folder) ? [`${pid} ${command}`] : [],
  );
}

export type CloudProcess = {
  readonly place: Place;
  /** SIGKILL to the whole process group; resolves when nothing of it is left, what it had detached included. */
  kill(): Promise<void>;
  /** Asks it to end by itself; throws when something of it is left. Does nothing when it has ended. */
  stop(): Promise<void>;
};

/** Starts a cloud as the leader of a process group of its own. Throws with its output when it does not come up. */
export async function startCloudProcess(assembly: string, dataDir: string, start: string): Promise<CloudProcess> {
  const child = spawn(process.execPath, [runner, assembly, dataDir, start], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => void complaints.push(text));
  const exited = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), exited.then(() => [undefined])]);
  const { pid } = child;
  if (typeof line !== 'string' || pid === undefined)
    throw new Error(`the cloud did not come up: ${complaints.join('')}`);

  async function end(signal: 'SIGKILL' | 'SIGTERM', target: number): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const tree = treeOf(pid ?? 0);
    process.kill(target, signal);
    await exited;
    await expectGone(tree);
  }
  return { place: JSON.parse(line), kill: () => end('SIGKILL', -pid), stop: () => end('SIGTERM', pid) };
}
