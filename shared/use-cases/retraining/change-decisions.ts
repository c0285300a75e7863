import type { DecisionEvent, DecisionRecord } from '../../domain/retraining/rules/decision-record.ts';
import { decisionWords } from '../../domain/retraining/rules/decision-words.ts';
import { decisionsStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';

/** The last decision about a model that said something new. */
export function lastDecision(events: EventStore, modelId: string): Promise<Head<DecisionRecord> | undefined> {
  return events.head<DecisionRecord>(decisionsStream(modelId));
}

/** For appends together with what was decided. */
export function planDecision(
  head: Head<DecisionRecord> | undefined,
  record: DecisionRecord,
  { actor, now, correlationId }: Omit<ChangeContext, 'reason'>,
): NewCommit<DecisionEvent, DecisionRecord> {
  const { modelId } = record.facts;
  return {
    streamId: decisionsStream(modelId),
    expectedVersion: head?.version ?? 0,
    events: [{ type: 'RetrainingDecided', schemaVersion: 1, modelId, record }],
    state: record,
    lists: [],
    actor,
    reason: decisionWords(record),
    occurredAt: now,
    correlationId,
  };
}
