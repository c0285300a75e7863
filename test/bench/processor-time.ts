import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's, USER_HZ, the same on every Linux. */
const ticksPerSecond = 100;

type Times = { readonly parent: number; readonly ticks: number };

/** Seconds of this process and of all that it started, those that have ended included. Linux only: undefined elsewhere. */
export function processorSeconds(): number | undefined {
  const processes = runningProcesses();
  const own = processes?.get(process.pid);
  if (processes === undefined || own === undefined) return undefined;
  const childrenOf = Map.groupBy(processes, ([, { parent }]) => parent);
  const ticksOf = (pid: number): number =>
    (childrenOf.get(pid) ?? []).reduce((sum, [child]) => sum + ticksOf(child), processes.get(pid)?.ticks ?? 0);
  return ticksOf(process.pid) / ticksPerSecond;
}

function runningProcesses(): ReadonlyMap<number, Times> | undefined {
  try {
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return new Map(pids.flatMap((pid) => timesOf(pid)));
  } catch {
    return undefined;
  }
}

function timesOf(pid: number): [number, Times][] {
  try {
    // The name, in parentheses, may hold anything; proc(5) counts the fields after it from 3.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    return [[pid, { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) }]];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
