import { createHmac } from 'node:crypto';

/** The HTTP routes sign with this name. They have checked what the caller may send, so it is good for every team. */
export const apiWriter = 'runway/api';

/** Hexadecimal key of a writer `<team>/<name>`, derived, so that none has to be stored. */
export function writerKey(rootSecret: string, writer: string): string {
  return createHmac('sha256', rootSecret).update(writer).digest('hex');
}

/** Whether a writer's records may hold the team's predictions and outcomes. */
export function mayWriteFor(writer: string, team: string): boolean {
  return writer === apiWriter || writer.split('/')[0] === team;
}
