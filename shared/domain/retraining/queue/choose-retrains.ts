import { capacityOf } from './capacity.ts';
import { byPriority } from './queue-priority.ts';
import type { Queue, QueueLimits, RunningRetrain, WaitingRetrain } from './queue-request.ts';

/** Why a waiting retrain does not start now; the first that applies, in this order. */
export type HoldReason =
  | 'running-already'
  | 'held'
  | 'not-before'
  | 'circuit-open'
  | 'overall-limit'
  | 'team-limit'
  | 'orchestrator-limit';

export type Choice = {
  /** Retrains to start now, the most urgent first. */
  readonly start: readonly string[];
  /** All others, in order of priority. */
  readonly held: readonly { readonly retrainId: string; readonly reason: HoldReason }[];
};

/**
 * Which retrains start now: the most urgent first, none beyond a limit. One that may not start keeps nobody else from
 * starting. With nothing in the queue changed but the clock, a second decision on the result starts nothing.
 */
export function chooseRetrains({ waiting, running, limits, now }: Queue): Choice {
  const slots = countSlots(limits, running);
  const start: string[] = [];
  const held: Choice['held'][number][] = [];
  for (const retrain of byPriority(waiting, now)) {
    const { retrainId } = retrain;
    const reason = ownReason(retrain, limits, now) ?? slots.take(retrain);
    if (reason === undefined) start.push(retrainId);
    else held.push({ retrainId, reason });
  }
  return { start, held };
}

/** What holds the retrain whatever else runs; undefined when nothing does. */
export function ownReason(
  { heldBy, notBefore, orchestrator }: WaitingRetrain,
  { openOrchestrators }: QueueLimits,
  now: string,
): HoldReason | undefined {
  if (heldBy !== undefined) return 'held';
  if (notBefore !== undefined && now < notBefore) return 'not-before';
  return openOrchestrators.includes(orchestrator) ? 'circuit-open' : undefined;
}

function countSlots(limits: QueueLimits, running: readonly RunningRetrain[]) {
  const ids = new Set(running.map(({ retrainId }) => retrainId));
  const byTeam = countBy(running, ({ team }) => team);
  const byOrchestrator = countBy(running, ({ orchestrator }) => orchestrator);

  function full({ retrainId, team, orchestrator }: WaitingRetrain): HoldReason | undefined {
    if (ids.has(retrainId)) return 'running-already';
    if (ids.size >= limits.overall) return 'overall-limit';
    if ((byTeam.get(team) ?? 0) >= capacityOf(limits.perTeam, team)) return 'team-limit';
    return (byOrchestrator.get(orchestrator) ?? 0) >= capacityOf(limits.perOrchestrator, orchestrator)
      ? 'orchestrator-limit'
      : undefined;
  }

  return {
    take(retrain: WaitingRetrain): HoldReason | undefined {
      const reason = full(retrain);
      if (reason !== undefined) return reason;
      ids.add(retrain.retrainId);
      byTeam.set(retrain.team, (byTeam.get(retrain.team) ?? 0) + 1);
      byOrchestrator.set(retrain.orchestrator, (byOrchestrator.get(retrain.orchestrator) ?? 0) + 1);
      return undefined;
    },
  };
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}
