import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The kernel's, USER_HZ, the same on every Linux. */
const ticksPerSecond = 100;

type Times = { readonly parent: number; readonly ticks: number };

/** Of one process: seconds since it began, those of children that have ended included. */
export type ProcessorTime = { readonly pid: number; readonly name: string; readonly seconds: number };

/** Of this process and of all that it started. Linux only: undefined elsewhere. */
export function processorTimes(): readonly ProcessorTime[] | undefined {
  const processes = runningProcesses();
  if (processes?.has(process.pid) !== true) return undefined;
  const childrenOf = Map.groupBy(processes, ([, { parent }]) => parent);
  const familyOf = (pid: number): readonly number[] => [
    pid,
    ...(childrenOf.get(pid) ?? []).flatMap(([child]) => familyOf(child)),
  ];
  return familyOf(process.pid).map((pid) => ({
    pid,
    name: pid === process.pid ? 'cloud' : nameOf(pid),
    seconds: (processes.get(pid)?.ticks ?? 0) / ticksPerSecond,
  }));
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

/** A function's by its handler, e.g. `scan-models` of `health/scan-models/index.handler`; any other's by its command. */
function nameOf(pid: number): string {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const handler = environment.find((variable) => variable.startsWith('_HANDLER='))?.slice('_HANDLER='.length);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
    return path.basename(handler === undefined ? command : path.dirname(handler));
  } catch {
    return 'ended';
  }
}
