import { RunwayError } from '../errors.ts';
import type { Instant } from '../time.ts';
import type { JoinInput } from './join-input.ts';
import type { WriterScope, WriterState } from './writer.ts';
import { isOwnWriter } from './writer-key.ts';

/** A record whose signature is that of this generation of the writer's key, and when it arrived. */
export type SignedBy = { readonly writer: string; readonly keyId: number; readonly at: Instant };

/**
 * Whether what the writer signed is taken, by the moment it arrived, whenever it is read. Throws `NotAuthorized` with the
 * codes `unknown-writer`, `revoked-writer`, `unknown-key` (a generation never issued) and `expired-key`.
 */
export function expectAccess(state: WriterState | undefined, { writer, keyId, at }: SignedBy): void {
  if (isOwnWriter(writer)) return;
  if (state === undefined) throw refused('unknown-writer', `${writer} is not registered`);
  if (state.revokedAt !== undefined && state.revokedAt <= at)
    throw refused('revoked-writer', `${writer} is revoked since ${state.revokedAt}`);
  if (keyId > state.keyId) throw refused('unknown-key', `${writer} has ${state.keyId} keys, not ${keyId}`);
  if (keyId === state.keyId) return;
  const validUntil = state.formerKeys.find((former) => former.keyId === keyId)?.validUntil;
  if (validUntil === undefined || validUntil <= at)
    throw refused('expired-key', `key ${keyId} of ${writer} was replaced; its present one is ${state.keyId}`);
}

/**
 * Throws `NotAuthorized` (code `wrong-scope`) when the writer may not say such things; undefined is Runway itself. Concerns
 * the record as a whole: what else is in it comes from somebody who says what it must not.
 */
export function expectScope(state: WriterState | undefined, kind: JoinInput['kind']): void {
  const scope: WriterScope = kind === 'prediction' ? 'predictions' : 'outcomes';
  if (state !== undefined && !state.scopes.includes(scope))
    throw refused('wrong-scope', `${state.writer} may not write ${scope}`);
}

function refused(code: string, reason: string): RunwayError {
  return new RunwayError('NotAuthorized', code, reason);
}
