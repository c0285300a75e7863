import { parentPort } from 'node:worker_threads';
import { type Spread, simulateDays } from './canary-days.ts';
import { failsAtHorizon } from './canary-fixed.ts';
import { type RolloutEnd, simulateRollout } from './canary-rollout.ts';
import type { Situation } from './canary-traffic.ts';

/** Seeds [from, to). */
type Seeds = { readonly from: number; readonly to: number };
export type CanaryTask = Seeds &
  (
    | { readonly kind: 'rollouts'; readonly cell: number; readonly situation: Situation }
    | { readonly kind: 'fixed'; readonly situation: Situation; readonly hours: number }
    | { readonly kind: 'days'; readonly spread: Spread }
  );
export type CanaryDone =
  | { readonly kind: 'rollouts'; readonly cell: number; readonly ends: readonly RolloutEnd[] }
  | { readonly kind: 'fixed'; readonly hours: number; readonly runs: number; readonly fails: number }
  | {
      readonly kind: 'days';
      readonly spread: Spread;
      readonly runs: number;
      readonly fails: number;
      readonly passes: number;
    };

parentPort?.on('message', (task: CanaryTask) => parentPort?.postMessage(run(task)));

function run(task: CanaryTask): CanaryDone {
  const seeds = Array.from({ length: task.to - task.from }, (_, i) => task.from + i);
  const runs = seeds.length;
  switch (task.kind) {
    case 'rollouts':
      return { kind: 'rollouts', cell: task.cell, ends: seeds.map((seed) => simulateRollout(task.situation, seed)) };
    case 'fixed': {
      const fails = seeds.filter((seed) => failsAtHorizon(task.situation, task.hours, seed)).length;
      return { kind: 'fixed', hours: task.hours, runs, fails };
    }
    case 'days': {
      const all = seeds.map((seed) => simulateDays(task.spread, seed));
      const fails = all.filter((each) => each.fails).length;
      return { kind: 'days', spread: task.spread, runs, fails, passes: all.filter((each) => each.passes).length };
    }
  }
}
