import {
  evolveTargets,
  type NotificationSettings,
  newTargets,
  type TargetsEvent,
  type TargetsState,
} from '../../domain/notifications/notification-targets.ts';
import { notificationTargetsStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { type ChangeContext, expectMatch } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Version 0 and nobody to tell while the team has set none. */
export async function loadTargets(events: EventStore, team: string): Promise<Head<TargetsState>> {
  const streamId = notificationTargetsStream(team);
  return (await events.head<TargetsState>(streamId)) ?? { streamId, version: 0, state: newTargets(team), hash: '' };
}

type Request = Omit<ChangeContext, 'reason'> & {
  readonly team: string;
  readonly settings: NotificationSettings;
  readonly ifMatch?: number | undefined;
};

/** Holds for what is told from now on. Throws `PreconditionFailed`. */
export function changeTargets(
  events: EventStore,
  { team, settings, ifMatch, actor, now, correlationId }: Request,
): Promise<{ readonly state: TargetsState; readonly version: number }> {
  return withRetryOnConflict(async () => {
    const head = await loadTargets(events, team);
    expectMatch(head, ifMatch);
    const event: TargetsEvent = { type: 'NotificationTargetsSet', schemaVersion: 1, team, ...settings };
    const state = evolveTargets(event);
    const { streamId, version: expectedVersion } = head;
    const what = { streamId, expectedVersion, events: [event], state, lists: [] };
    await events.append([{ ...what, actor, reason: 'notification targets set', occurredAt: now, correlationId }]);
    return { state, version: head.version + 1 };
  });
}
