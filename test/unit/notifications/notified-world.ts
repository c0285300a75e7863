import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryNotificationQueue } from '../../../shared/adapters/memory/memory-notification-queue.ts';
import { systemActor } from '../../../shared/domain/actor.ts';
import type { SendOutcome } from '../../../shared/domain/notifications/decide-delivery.ts';
import type { NotificationMessage } from '../../../shared/domain/notifications/notification.ts';
import { notificationSettingsSchema } from '../../../shared/domain/notifications/notification-targets.ts';
import { subjectOf } from '../../../shared/domain/notifications/notifying-events.ts';
import { type Instant, minuteMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { changeTargets } from '../../../shared/use-cases/notifications/change-targets.ts';
import {
  deliverNotification,
  sweepNotifications,
} from '../../../shared/use-cases/notifications/deliver-notification.ts';
import { raiseIncidents } from '../../../shared/use-cases/notifications/raise-incidents.ts';
import { listIncidents, listNotifications } from '../../../shared/use-cases/notifications/view-notifications.ts';

export type SourceEvent = Readonly<Record<string, unknown>> & { readonly type: string };
type Hint = { readonly streamId: string; readonly version: number; readonly subject: string };

export const start = '2001-01-22T12:00:00.000Z';
const actor = systemActor('test');

/** A team with targets, streams in which things happen, and receivers that answer as they are told. */
export async function notifiedWorld(settings: unknown = {}, store = createMemoryEventStore()) {
  const queue = createMemoryNotificationQueue();
  const sent: { readonly target: string; readonly message: NotificationMessage; readonly at: Instant }[] = [];
  let now = start;
  let answer: (target: string) => SendOutcome = () => ({ delivered: true, status: 200 });
  const sender = {
    send: async ({ name }: { readonly name: string }, message: NotificationMessage) => {
      sent.push({ target: name, message, at: now });
      return answer(name);
    },
  };
  const defaults = { targets: [{ kind: 'webhook', name: 'ops', url: 'https://ops.example.com/', secret: 'hook' }] };
  const parsed = notificationSettingsSchema.parse({ ...defaults, ...Object(settings) });
  await changeTargets(store, { team: 'flights', settings: parsed, actor, now });

  const append = async (streamId: string, event: SourceEvent, reason = `${event.type} happened`): Promise<Hint> => {
    const head = await store.head(streamId);
    const version = (head?.version ?? 0) + 1;
    const state = { modelId: 'late-live', definition: { team: 'flights', tier: 1 } };
    const events = [{ schemaVersion: 1, ...event }];
    await store.append([
      { streamId, expectedVersion: version - 1, events, state, lists: [], actor, reason, occurredAt: now },
    ]);
    return { streamId, version, subject: subjectOf({ streamId, event }) ?? '' };
  };
  const model = (type: string, rest: Readonly<Record<string, unknown>> = {}, reason?: string) =>
    append('model#late-live', { type, modelId: 'late-live', ...rest }, reason);
  await model('ModelRegistered');
  const hear = (hint: Hint) => raiseIncidents({ events: store, queue }, hint, now);
  /** Delivers what is in the queue now; delayed messages come when they are due. */
  const deliver = async () => {
    for (const request of queue.take())
      if (toMillis(request.at) <= toMillis(now)) await deliverNotification({ events: store, queue, sender }, request);
      else waiting.push(request);
  };
  const waiting: Parameters<typeof queue.send>[0][] = [];
  const pass = async (minutes: number) => {
    now = toInstant(toMillis(now) + minutes * minuteMillis);
    for (const request of waiting.splice(0)) await queue.send(request);
    await sweepNotifications({ events: store, queue }, now);
    await deliver();
  };
  return {
    store,
    queue,
    sent,
    append,
    model,
    hear,
    deliver,
    pass,
    now: () => now,
    answerWith: (next: typeof answer) => {
      answer = next;
    },
    atRisk: (causes: readonly string[], reason?: string) =>
      model('HealthChanged', { status: 'at-risk', causes, evaluationId: 'e1' }, reason),
    healthy: () => model('HealthChanged', { status: 'healthy', causes: [], evaluationId: 'e2' }),
    incidents: async () => (await listIncidents(store, { team: 'flights', limit: 100 })).items,
    notifications: async () => (await listNotifications(store, { team: 'flights', limit: 100 })).items,
  };
}
