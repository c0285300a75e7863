import { type Instant, minuteMillis, toInstant, toMillis } from '../../time.ts';
import { capacityOf } from './capacity.ts';
import { byPriority } from './queue-priority.ts';
import type { Queue, RunningRetrain, WaitingRetrain } from './queue-request.ts';
import { simulateSlots } from './simulate-slots.ts';

export type QueuePlace = {
  readonly retrainId: string;
  /** From 1, in order of priority, held ones included. */
  readonly position: number;
  /** Absent when it is held, or when its orchestrator's circuit is open: nobody knows for how long. */
  readonly estimatedStartAt?: Instant;
};

/**
 * Where each waiting retrain stands and when it starts if nothing new comes, trainings take as long as expected
 * (`trainingMinutes` when a retrain says nothing) and nobody ages past another. One that runs over its time is expected
 * to end at once.
 */
export function estimateStarts(queue: Queue, trainingMinutes: number): readonly QueuePlace[] {
  const { running, limits, now } = queue;
  const order = byPriority(queue.waiting, now);
  const groups = numberGroups(queue);
  const millisOf = (minutes: number | undefined) => (minutes ?? trainingMinutes) * minuteMillis;
  const at = toMillis(now);
  const isOpenEnded = ({ heldBy, orchestrator }: WaitingRetrain) =>
    heldBy !== undefined || limits.openOrchestrators.includes(orchestrator);
  const starts = simulateSlots(
    {
      jobCount: order.length,
      capacities: groups.capacities,
      running: running.map((retrain) => ({
        groups: groups.of(retrain),
        end: Math.max(at, toMillis(retrain.startedAt) + millisOf(retrain.trainingMinutes)),
      })),
      groupsOf: (job) => groups.of(order[job]!),
      durationOf: (job) => millisOf(order[job]!.trainingMinutes),
    },
    order.flatMap((retrain, job) =>
      isOpenEnded(retrain)
        ? []
        : [[job, retrain.notBefore === undefined ? at : Math.max(at, toMillis(retrain.notBefore))] as const],
    ),
  );
  return order.map(({ retrainId }, index) => ({
    retrainId,
    position: index + 1,
    ...(!Number.isNaN(starts[index]) && { estimatedStartAt: toInstant(starts[index]!) }),
  }));
}

function numberGroups({ waiting, running, limits }: Queue) {
  const numbers = new Map<string, number>();
  const capacities: number[] = [limits.overall];
  const groups = new Map<string, readonly number[]>();

  function numberOf(kind: 'team' | 'orchestrator', name: string): number {
    const key = `${kind} ${name}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, capacities.length);
    capacities.push(capacityOf(kind === 'team' ? limits.perTeam : limits.perOrchestrator, name));
    return capacities.length - 1;
  }

  const of = ({ team, orchestrator }: WaitingRetrain | RunningRetrain) => {
    const key = `${team} ${orchestrator}`;
    const known = groups.get(key) ?? [numberOf('team', team), numberOf('orchestrator', orchestrator)];
    groups.set(key, known);
    return known;
  };
  for (const retrain of [...waiting, ...running]) of(retrain);
  return { capacities, of };
}
