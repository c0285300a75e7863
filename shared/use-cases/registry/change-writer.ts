import { notFound, RunwayError } from '../../domain/errors.ts';
import { decideWriter, type WriterCommand } from '../../domain/ground-truth/decide-writer.ts';
import { distrustRow, distrustRows } from '../../domain/ground-truth/distrusted-span.ts';
import { evolveWriter } from '../../domain/ground-truth/evolve-writer.ts';
import { newWriter, type WriterEvent, type WriterState } from '../../domain/ground-truth/writer.ts';
import { isOwnWriter, ownTeam } from '../../domain/ground-truth/writer-key.ts';
import { allWriters, writersOfTeam } from '../../domain/ground-truth/writer-lists.ts';
import { writerStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { type ChangeContext, expectMatch } from './change-model.ts';

export type ChangedWriter = { readonly state: WriterState; readonly version: number };

/** Version 0 while there is no record of it, which is how it is with Runway's own. */
export async function loadWriter(store: EventStore, writer: string, now: Instant): Promise<Head<WriterState>> {
  const streamId = writerStream(writer);
  return (await store.head<WriterState>(streamId)) ?? { streamId, version: 0, state: newWriter(writer, now), hash: '' };
}

/** Throws `NotFound` (code `unknown-writer`). */
export async function expectWriter(store: EventStore, writer: string): Promise<Head<WriterState>> {
  const head = await store.head<WriterState>(writerStream(writer));
  if (head === undefined) throw notFound('writer', writer);
  return head;
}

/**
 * Loads, decides, appends; again when another append came between, unless `ifMatch` names the version to change. Throws
 * `NotFound` unless the command registers it or it is Runway's own, `NotAuthorized` (code `reserved-writer`) when
 * Runway's own is to be anything but distrusted or trusted, `PreconditionFailed`, and what `decideWriter` throws.
 */
export function changeWriter(
  store: EventStore,
  writer: string,
  command: WriterCommand,
  context: ChangeContext & { readonly ifMatch?: number | undefined },
): Promise<ChangedWriter> {
  expectNotReserved(writer, command);
  return withRetryOnConflict(async () => {
    const head = await loadWriter(store, writer, context.now);
    expectMatch(head, context.ifMatch);
    if (head.version === 0 && command.type !== 'register' && !isOwnWriter(writer)) throw notFound('writer', writer);
    const events = decideWriter(command, { state: head.state, isRegistered: head.version > 0 }, context.now);
    if (events.length === 0) return { state: head.state, version: head.version };
    const commit = writerCommit(head, events, context);
    await store.append([commit]);
    return { state: commit.state, version: head.version + 1 };
  });
}

/** The commit of the events, listed by name. */
export function writerCommit(
  head: Head<WriterState>,
  events: readonly WriterEvent[],
  { actor, reason, now, correlationId }: ChangeContext,
): NewCommit<WriterEvent, WriterState> {
  const state = events.reduce((held, event) => evolveWriter(held, event, now), head.state);
  const row = distrustRow(state);
  return {
    streamId: head.streamId,
    expectedVersion: head.version,
    events,
    state,
    lists: [
      { list: allWriters, sort: state.writer },
      { list: writersOfTeam(state.team), sort: state.writer },
    ],
    ...(row !== undefined && { row: { list: distrustRows, value: row } }),
    actor,
    reason,
    occurredAt: now,
    correlationId,
  };
}

// Their keys never leave Runway, so there is nothing to issue, rotate or revoke.
function expectNotReserved(writer: string, { type }: WriterCommand): void {
  if (!isOwnWriter(writer) || type === 'distrust' || type === 'trust') return;
  throw new RunwayError('NotAuthorized', 'reserved-writer', `writers of team ${ownTeam} are Runway's own`);
}
