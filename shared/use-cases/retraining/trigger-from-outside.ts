import { createHash } from 'node:crypto';
import type { Actor } from '../../domain/actor.ts';
import { type ExternalEvent, externalTrigger } from '../../domain/retraining/external-trigger.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { appendRequest } from './request-retrain.ts';

export type TriggerDependencies = { readonly events: EventStore; readonly idempotency: IdempotencyStore };

/**
 * Asks for a retrain with the cause `external`; an open one keeps its causes and gets this one too. The same event asks
 * once within 24 hours, whatever became of its retrain. Gives the retrain's id. Throws `NotFound`; `IllegalTransition` when
 * the model cannot be retrained now; `IdempotencyInProgress`, and `IdempotencyKeyReused` for another event of the same id.
 */
export async function triggerFromOutside(
  { events, idempotency }: TriggerDependencies,
  event: ExternalEvent,
  now: Instant,
): Promise<string> {
  const { modelId, source, eventId, reason } = event;
  const requestHash = createHash('sha256')
    .update(JSON.stringify([modelId, reason]))
    .digest('hex');
  const request = { key: `external#${source}#${eventId}`, requestHash, now };
  const stored = await idempotency.begin(request);
  if (stored !== undefined) return stored.body;
  try {
    const retrainId = await withRetryOnConflict(async () => {
      const head = await loadModel(events, modelId);
      const triggers = [externalTrigger(head.state, event, now)];
      return appendRequest(events, head, { triggers, stalenessScore: null }, { actor: actorOf(source), now, reason });
    });
    await idempotency.complete(request, { status: 200, headers: {}, body: retrainId });
    return retrainId;
  } catch (error) {
    await idempotency.release(request);
    throw error;
  }
}

function actorOf(source: string): Actor {
  return { id: `external:${source}`, kind: 'service', roles: [], teams: [] };
}
