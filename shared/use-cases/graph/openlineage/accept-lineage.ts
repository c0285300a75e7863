import { isRunwayError } from '../../../domain/errors.ts';
import { parseLineageEvent } from '../../../domain/graph/openlineage/lineage-event.ts';
import type { WriterState } from '../../../domain/ground-truth/writer.ts';
import type { Instant } from '../../../domain/time.ts';
import type { LineageInbox } from '../../../ports/lineage-inbox.ts';
import { admitLineage, expectLineageAllowance, expectNamespaces, type LineageAdmission } from './admit-lineage.ts';

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
  const isKept = isMeant(event, writer);
  await expectLineageAllowance(admission.counter, writer, { events: 1, now });
  if (isKept) await inbox.add([event], now);
  return isKept;
}

type RefusedEvent = { readonly index: number; readonly reason: string; readonly retriable: boolean };

/** As the specification's batch route says which events were not taken. */
export type LineageBatchReport = {
  readonly status: 'partial_success';
  readonly summary: {
    readonly received: number;
    readonly successful: number;
    readonly failed: number;
    readonly retriable: number;
    readonly non_retriable: number;
  };
  readonly failed_events: readonly RefusedEvent[];
};

/**
 * Keeps those of the events that can be read, and reports the others; undefined when there are none. Throws as
 * `acceptLineage` where that concerns all of them.
 */
export async function acceptLineageBatch(
  { inbox, ...admission }: LineageEndpoint,
  { headers, now, events }: Request & { readonly events: readonly unknown[] },
): Promise<LineageBatchReport | undefined> {
  const writer = await admitLineage(admission, headers, now);
  const refused: RefusedEvent[] = [];
  const meant: unknown[] = [];
  for (const [index, event] of events.entries()) {
    try {
      if (isMeant(event, writer)) meant.push(event);
    } catch (error) {
      if (!isRunwayError(error)) throw error;
      refused.push({ index, reason: error.message, retriable: false });
    }
  }
  await expectLineageAllowance(admission.counter, writer, { events: events.length, now });
  if (meant.length > 0) await inbox.add(meant, now);
  return refused.length === 0 ? undefined : reportOf(events.length, refused);
}

/** Throws `InvalidRequest`, and `NotAuthorized` of an event that the writer may not send. */
function isMeant(event: unknown, writer: WriterState): boolean {
  const parsed = parseLineageEvent(event);
  if (parsed === undefined) return false;
  expectNamespaces(writer, parsed);
  return true;
}

function reportOf(received: number, failed_events: readonly RefusedEvent[]): LineageBatchReport {
  const failed = failed_events.length;
  const summary = { received, successful: received - failed, failed, retriable: 0, non_retriable: failed };
  return { status: 'partial_success', summary, failed_events };
}
