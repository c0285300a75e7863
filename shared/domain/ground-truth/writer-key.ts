import { createHash, createHmac } from 'node:crypto';

/** Its writers are Runway's own: they have no record, their keys leave no function, and they write for every team. */
export const ownTeam = 'runway';

/** Whom Runway signs as when nobody in particular called. */
export const apiWriter = `${ownTeam}/api`;

const plainId = /^[A-Za-z0-9_-]{1,56}$/;

/**
 * Writer as whom the HTTP routes sign what a principal sent: `runway/api.<id>`, or `runway/api.sha256-<digest>` for an id
 * that is no name. They have checked what the caller may send, so it is good for every team.
 */
export function apiWriterOf(actorId: string): string {
  if (plainId.test(actorId)) return `${apiWriter}.${actorId}`;
  return `${apiWriter}.sha256-${createHash('sha256').update(actorId).digest('base64url')}`;
}

/**
 * Hexadecimal key of a generation of a writer `<team>/<name>`, derived, so that none has to be stored: HMAC-SHA-256 by
 * the root secret over the writer, and from generation 2 on over a line feed (which no writer's name has) and the number.
 */
export function writerKey(rootSecret: string, writer: string, keyId = 1): string {
  const what = keyId === 1 ? writer : `${writer}\n${keyId}`;
  return createHmac('sha256', rootSecret).update(what).digest('hex');
}

/**
 * What a writer sends along with OpenLineage events: `<team>/<name>.<keyId>.<64 hexadecimal digits>`. The digits are
 * derived from its key (HMAC-SHA-256 over `openlineage`), so that who sees them cannot sign records with them.
 */
export function lineageKey(rootSecret: string, writer: string, keyId: number): string {
  const digits = createHmac('sha256', writerKey(rootSecret, writer, keyId))
    .update('openlineage')
    .digest('hex');
  return `${writer}.${keyId}.${digits}`;
}

/** Team that a writer `<team>/<name>` belongs to. */
export function teamOfWriter(writer: string): string {
  return writer.slice(0, writer.indexOf('/'));
}

export function isOwnWriter(writer: string): boolean {
  return teamOfWriter(writer) === ownTeam;
}

/** Whether a writer's records may hold the team's predictions and outcomes. */
export function mayWriteFor(writer: string, team: string): boolean {
  return isOwnWriter(writer) || teamOfWriter(writer) === team;
}
