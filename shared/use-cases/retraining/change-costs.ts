import {
  evolveCosts,
  noCosts,
  type TrainingCost,
  type TrainingCostEvent,
  type TrainingCosts,
} from '../../domain/retraining/rules/training-budget.ts';
import { trainingCostsStream } from '../../domain/stream-ids.ts';
import { type Instant, monthOf } from '../../domain/time.ts';
import type { EventStore, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';

/** What a team's runs have cost in the month of `now`. */
export async function loadCosts(events: EventStore, team: string, now: Instant): Promise<TrainingCosts> {
  const head = await events.head<TrainingCosts>(trainingCostsStream(team, monthOf(now)));
  return head?.state ?? noCosts(team, now);
}

/** For the append that records the end of the run, so that its cost counts once. Counts in the month of `now`. */
export async function planCost(
  events: EventStore,
  run: { readonly team: string; readonly modelId: string; readonly runId: string; readonly cost: TrainingCost },
  { actor, now, correlationId }: ChangeContext,
): Promise<NewCommit<TrainingCostEvent, TrainingCosts>> {
  const streamId = trainingCostsStream(run.team, monthOf(now));
  const head = await events.head<TrainingCosts>(streamId);
  const event: TrainingCostEvent = { type: 'TrainingCostReported', schemaVersion: 1, month: monthOf(now), ...run };
  return {
    streamId,
    expectedVersion: head?.version ?? 0,
    events: [event],
    state: evolveCosts(head?.state ?? noCosts(run.team, now), event),
    lists: [],
    actor,
    reason: `run ${run.runId} cost ${run.cost.amount} ${run.cost.currency}`,
    occurredAt: now,
    correlationId,
  };
}
