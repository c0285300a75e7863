import { execFileSync } from 'node:child_process';

type Process = { readonly pid: number; readonly parent: number; readonly isZombie: boolean };

/** Ids of the running processes that a process has started, and those that they have, whatever their groups. */
export function descendantsOf(pid: number): readonly number[] {
  const children = processes().filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child.pid, ...descendantsOf(child.pid)]);
}

/** Those that still run. */
export function survivorsOf(pids: readonly number[]): readonly number[] {
  const running = new Set(processes().flatMap(({ pid, isZombie }) => (isZombie ? [] : [pid])));
  return pids.filter((pid) => running.has(pid));
}

function processes(): readonly Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=']).toString().trim().split('\n');
  return lines.map((line) => {
    const [pid = '', parent = '', state = ''] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), isZombie: state.startsWith('Z') };
  });
}
