import { dayOf } from '../domain/time.ts';
import type { ConflictAudit, Failure } from '../ports/failure-store.ts';

/** `poison/<source>/<day>/<id>.json`. */
export function failureKey({ source, failedAt, id }: Failure): string {
  return `poison/${source}/${dayOf(failedAt)}/${id}.json`;
}

/** What an operator reads; `data` is the record in base64, so that it can be put again. */
export function failureDocument({ data, ...failure }: Failure): string {
  return `${JSON.stringify({ ...failure, data: Buffer.from(data).toString('base64') }, undefined, 2)}\n`;
}

/** `conflicts/<model>/<day>/<id>.json`. */
export function conflictKey({ modelId, arrivedAt, id }: ConflictAudit): string {
  return `conflicts/${modelId}/${dayOf(arrivedAt)}/${id}.json`;
}

export function conflictDocument(audit: ConflictAudit): string {
  return `${JSON.stringify(audit, undefined, 2)}\n`;
}
