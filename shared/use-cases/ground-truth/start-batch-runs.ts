import { maximumDates } from '../../domain/ground-truth/batch/batch-run.ts';
import { piecesOf } from '../../domain/ground-truth/restatement.ts';
import { dayMillis, dayOf, type Instant, toInstant, toMillis } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { restatedDays } from './restated-days.ts';

type Ports = { readonly events: Pick<EventStore, 'list'>; readonly workflows: Pick<WorkflowEngine, 'start'> };
type Options = { readonly now: Instant /** How long raw events are kept. */; readonly rawRetentionDays: number };

/** Twice a day's schedule, so that one that failed leaves nothing out. */
const restatedWithinDays = 2;

/**
 * Starts the daily run of the batch join and, where restatements were completed lately, runs of the days they concern; runs
 * wait for each other. Days whose raw events are gone keep what was joined. Resolves to the names of the runs.
 */
export async function startBatchRuns({ events, workflows }: Ports, { now, rawRetentionDays }: Options) {
  const before = (days: number) => toInstant(toMillis(now) - days * dayMillis);
  const days = await restatedDays(events, before(restatedWithinDays));
  const earliest = dayOf(before(rawRetentionDays - 1));
  const ranges = days === undefined ? [] : piecesOf(days, { earliest, days: maximumDates });
  const stamp = now.replace(/\D/g, '');
  const runs = [
    { runId: `daily-${stamp}`, input: {} },
    ...ranges.map((range) => ({ runId: `restated-${range.from}-${stamp}`, input: { range } })),
  ];
  for (const { runId, input } of runs) await workflows.start('joinGroundTruth', runId, input);
  return runs.map(({ runId }) => runId);
}
