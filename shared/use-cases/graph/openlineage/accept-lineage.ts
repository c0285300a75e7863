import { isRunwayError } from '../../../domain/errors.ts';
import { parseLineageEvent } from '../../../domain/graph/openlineage/lineage-event.ts';
import type { Instant } from '../../../domain/time.ts';
import type { LineageInbox } from '../../../ports/lineage-inbox.ts';
import { admitLineage, expectLineageAllowance, type LineageAdmission } from './admit-lineage.ts';

export type LineageEndpoint = LineageAdmission & { readonly inbox: Pick<LineageInbox, 'add'> };

type Request = {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly now: Instant;
};

/**
 * Keeps the event for the worker; gives false for one whose type means nothing here, which is not kept. Throws
 * `NotAuthorized`, `InvalidRequest` and `DependencyUnavailable`: then the client has to send it again.
 */
export async function acceptLineage(
  { inbox, ...admission }: LineageEndpoint,
  { headers, now, event }: Request & { readonly event: unknown },
): Promise<boolean> {
  const writer = await admitLineage(admission, headers, now);
  const isMeant = parseLineageEvent(event) !== undefined;
  await expectLineageAllowance(admission.counter, writer, { events: 1, now });
  if (isMeant) await inbox.add([event], now);
  return isMeant;
}

export type RefusedEvent = { readonly index: number; readonly reason: string };

/** Keeps those of the events that can be read; gives the others, with the reason. Throws as `acceptLineage`. */
export async function acceptLineageBatch(
  { inbox, ...admission }: LineageEndpoint,
  { headers, now, events }: Request & { readonly events: readonly unknown[] },
): Promise<readonly RefusedEvent[]> {
  const writer = await admitLineage(admission, headers, now);
  const refused: RefusedEvent[] = [];
  const meant: unknown[] = [];
  for (const [index, event] of events.entries()) {
    try {
      if (parseLineageEvent(event) !== undefined) meant.push(event);
    } catch (error) {
      if (!isRunwayError(error)) throw error;
      refused.push({ index, reason: error.message });
    }
  }
  await expectLineageAllowance(admission.counter, writer, { events: events.length, now });
  if (meant.length > 0) await inbox.add(meant, now);
  return refused;
}
