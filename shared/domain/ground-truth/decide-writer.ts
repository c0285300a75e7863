import { illegalTransition, notFound, RunwayError } from '../errors.ts';
import { hourMillis, type Instant, toInstant, toMillis } from '../time.ts';
import {
  defaultEventsPerMinute,
  defaultScopes,
  type SetOfWriter,
  type WriterEvent,
  type WriterSettings,
  type WriterState,
  writerScopeSchema,
} from './writer.ts';

/** `isRegistered`: whether there is a record of it. */
export type KnownWriter = { readonly state: WriterState; readonly isRegistered: boolean };

export type WriterCommand =
  | { readonly type: 'register'; readonly settings: WriterSettings }
  | { readonly type: 'rotateKey'; readonly overlapHours: number; readonly requestId?: string | undefined }
  | { readonly type: 'revoke' }
  | {
      readonly type: 'distrust';
      readonly from?: Instant | undefined;
      readonly to?: Instant | undefined;
      readonly reason: string;
      readonly by: string;
    }
  | { readonly type: 'trust'; readonly distrustId: number };

/** Throws `IllegalTransition` when the writer is revoked, `InvalidRequest` (code `empty-span`), `NotFound` (code `unknown-distrust`). */
export function decideWriter(
  command: WriterCommand,
  { state, isRegistered }: KnownWriter,
  now: Instant,
): readonly WriterEvent[] {
  const of = { schemaVersion: 1, writer: state.writer } as const;
  switch (command.type) {
    case 'register':
      return register(command.settings, { state, isRegistered });
    case 'rotateKey': {
      expectActive(command.type, state);
      const { overlapHours, requestId } = command;
      if (requestId !== undefined && hasRotatedFor(requestId, state)) return [];
      const formerValidUntil = toInstant(toMillis(now) + overlapHours * hourMillis);
      const rotated = { ...of, type: 'WriterKeyRotated', keyId: state.keyId + 1, formerValidUntil } as const;
      return [{ ...rotated, ...(requestId !== undefined && { requestId }) }];
    }
    case 'revoke':
      return state.revokedAt === undefined ? [{ ...of, type: 'WriterRevoked' }] : [];
    case 'distrust': {
      const { type, ...said } = command;
      expectSpan(said);
      return [
        { ...of, type: 'WriterDistrusted', distrust: { ...said, distrustId: state.distrustCount + 1, since: now } },
      ];
    }
    case 'trust':
      if (!state.distrusts.some(({ distrustId }) => distrustId === command.distrustId))
        throw notFound('distrust', `${state.writer} ${command.distrustId}`);
      return [{ ...of, type: 'WriterTrusted', distrustId: command.distrustId }];
  }
}

function register(settings: WriterSettings, { state, isRegistered }: KnownWriter): readonly WriterEvent[] {
  expectActive('register', state);
  const held: SetOfWriter = isRegistered ? state : { scopes: defaultScopes, eventsPerMinute: defaultEventsPerMinute };
  const asked = settings.scopes ?? held.scopes;
  const scopes = writerScopeSchema.options.filter((scope) => asked.includes(scope));
  const eventsPerMinute = settings.eventsPerMinute ?? held.eventsPerMinute;
  const { lineageNamespaces: namespaces = held.lineageNamespaces } = settings;
  const lineageNamespaces = namespaces && [...new Set(namespaces)].toSorted();
  const of = { schemaVersion: 1, writer: state.writer } as const;
  const event = { ...of, scopes, eventsPerMinute, ...(lineageNamespaces && { lineageNamespaces }) };
  if (!isRegistered) return [{ ...event, type: 'WriterRegistered' }];
  const isSame =
    eventsPerMinute === held.eventsPerMinute &&
    scopes.join() === held.scopes.join() &&
    JSON.stringify(lineageNamespaces ?? null) === JSON.stringify(held.lineageNamespaces ?? null);
  return isSame ? [] : [{ ...event, type: 'WriterChanged' }];
}

/** Also when another rotation came after: what was asked for has been done. */
function hasRotatedFor(requestId: string, { keyRequestId, formerKeys }: WriterState): boolean {
  return keyRequestId === requestId || formerKeys.some((former) => former.requestId === requestId);
}

function expectActive(command: string, { revokedAt }: WriterState): void {
  if (revokedAt !== undefined) throw illegalTransition(command, `revoked since ${revokedAt}`, 'active');
}

function expectSpan({ from, to }: { readonly from?: Instant | undefined; readonly to?: Instant | undefined }): void {
  if (from === undefined || to === undefined || from < to) return;
  const field = { field: '/to', code: 'empty-span', reason: `expected a moment after ${from}` };
  throw new RunwayError('InvalidRequest', 'empty-span', `a span from ${from} to ${to} holds nothing`, [field]);
}
