import { parentPort } from 'node:worker_threads';
import { drifts, type Found, findDrift } from './drifting-models.ts';
import { type FalseAlarms, quietMonth } from './quiet-fleet.ts';

export type Month = { readonly falseAlarms: FalseAlarms; readonly found: readonly Found[] };

parentPort?.on('message', (seed: number) => {
  const month: Month = {
    falseAlarms: quietMonth(seed),
    found: drifts.map((drift, i) => findDrift(drift, 1_000_000 + 10 * seed + i)),
  };
  parentPort?.postMessage(month);
});
