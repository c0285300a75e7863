import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const everyMilliseconds = 2_000;

export type PeakMemory = {
  /** Most resident memory so far of this process and all it started, together; bytes. Pages they share count each time. */
  stop(): number;
};

/** Looks every two seconds, without keeping the process alive. */
export function watchMemory(): PeakMemory {
  let peak = 0;
  const look = async () => {
    peak = Math.max(peak, await residentBytes(process.pid).catch(() => 0));
  };
  const timer = setInterval(() => void look(), everyMilliseconds).unref();
  void look();
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Of a process and everything below it. */
async function residentBytes(root: number): Promise<number> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,rss=']);
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const children = Map.groupBy(processes, ([, parent]) => parent);
  const sumFrom = (pid: number): number =>
    (children.get(pid) ?? []).reduce(
      (sum, [child = 0, , kibibytes = 0]) => sum + 1_024 * kibibytes + sumFrom(child),
      0,
    );
  const own = processes.find(([pid]) => pid === root)?.[2] ?? 0;
  return 1_024 * own + sumFrom(root);
}
