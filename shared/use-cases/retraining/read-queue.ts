import type { Capacity } from '../../domain/retraining/queue/capacity.ts';
import type { Queue } from '../../domain/retraining/queue/queue-request.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import { retrainsOfStatus } from '../../domain/retraining/retrain-lists.ts';
import type { RetrainingSlots } from '../../domain/retraining/slots.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { queueConnection } from './start-run.ts';

/** How many retrains may run at once, over all models, of one team, and by one orchestrator. */
export type RetrainLimits = {
  readonly overall: number;
  readonly perTeam: number;
  /** By connection. @default unlimited */
  readonly perOrchestrator?: Capacity | undefined;
};

export const unlimited: Capacity = { each: Number.POSITIVE_INFINITY };

/** All that waits, in no order; eventually consistent. */
export function readQueue(events: EventStore): Promise<readonly RetrainState[]> {
  return readRetrains(events, 'queued');
}

export async function readRetrains(
  events: EventStore,
  status: 'queued' | 'running' | 'stopping',
): Promise<readonly RetrainState[]> {
  const retrains: RetrainState[] = [];
  let cursor: string | undefined;
  do {
    const page = await events.list<RetrainState>(retrainsOfStatus(status), {
      limit: 200,
      ...(cursor !== undefined && { cursor }),
    });
    retrains.push(...page.items.map(({ state }) => state));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return retrains;
}

/** The queue as the choice is made on it. Slots from before team or orchestrator were kept count for none. */
export function queueOf(
  waiting: readonly RetrainState[],
  { active, teams = {}, orchestrators = {} }: RetrainingSlots,
  { overall, perTeam, perOrchestrator = unlimited }: RetrainLimits,
  now: Instant,
): Queue {
  return {
    waiting: waiting.map(({ retrainId, modelId, team, tier, stalenessScore, requestedAt, connection, hold, bump }) => ({
      retrainId,
      modelId,
      team,
      tier,
      stalenessScore,
      requestedAt,
      orchestrator: connection ?? queueConnection,
      heldBy: hold?.by,
      priorityBump: bump,
    })),
    running: active.map((retrainId) => ({
      retrainId,
      team: teams[retrainId] ?? '',
      orchestrator: orchestrators[retrainId] ?? '',
      startedAt: now,
    })),
    limits: { overall, perTeam: { each: perTeam }, perOrchestrator, openOrchestrators: [] },
    now,
  };
}
