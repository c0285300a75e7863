import { parentPort } from 'node:worker_threads';
import type { Cell, CellResult } from './cells.ts';
import { type PowerCell, type PowerResult, runPower } from './power.ts';
import { runCell } from './run-cell.ts';

export type Task = { readonly falseAlarms: Cell } | { readonly power: PowerCell };
export type Done = { readonly falseAlarms: CellResult } | { readonly power: PowerResult };

parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(
    'power' in task ? { power: runPower(task.power) } : { falseAlarms: runCell(task.falseAlarms) },
  );
});
