import { isRunwayError } from '../../../domain/errors.ts';
import { type LineageEvent, parseLineageEvent } from '../../../domain/graph/openlineage/lineage-event.ts';
import type { Instant } from '../../../domain/time.ts';
import type { LineageInbox } from '../../../ports/lineage-inbox.ts';
import { applyLineage, type LineagePorts } from './apply-lineage.ts';

/**
 * Applies what was kept under a name. What fails for a reason of its own is tried alone, so that one event that cannot be
 * applied holds back none of those that came with it; then the error goes through, and all of them come again.
 */
export async function takeLineage(
  { inbox, ...ports }: LineagePorts & { readonly inbox: Pick<LineageInbox, 'read'> },
  name: string,
  now: Instant,
): Promise<{ readonly events: number; readonly changed: number }> {
  const events = (await inbox.read(name)).map(parseLineageEvent).filter((event) => event !== undefined);
  try {
    return { events: events.length, ...(await applyLineage(ports, events, now)) };
  } catch (error) {
    if (events.length > 1 && !isTransient(error)) await applyAlone(ports, events, now);
    throw error;
  }
}

async function applyAlone(ports: LineagePorts, events: readonly LineageEvent[], now: Instant): Promise<void> {
  for (const event of events) {
    try {
      await applyLineage(ports, [event], now);
    } catch (error) {
      if (isTransient(error)) throw error;
    }
  }
}

function isTransient(error: unknown): boolean {
  return isRunwayError(error) && (error.name === 'DependencyUnavailable' || error.name === 'VersionConflict');
}
