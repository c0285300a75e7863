import { RunwayError } from '../../domain/errors.ts';
import { writerKey } from '../../domain/ground-truth/writer-key.ts';
import type { RootSecret } from '../../ports/root-secret.ts';

// Its key is good for every team.
const reservedTeam = 'runway';

/** Team that a writer `<team>/<name>` belongs to. */
export function teamOfWriter(writer: string): string {
  return writer.slice(0, writer.indexOf('/'));
}

/** The same writer always gets the same key. Throws `NotAuthorized` (code `reserved-writer`) for Runway's own. */
export async function issueWriterKey(
  secret: RootSecret,
  writer: string,
): Promise<{ readonly writer: string; readonly key: string }> {
  if (teamOfWriter(writer) === reservedTeam)
    throw new RunwayError('NotAuthorized', 'reserved-writer', `writers of team ${reservedTeam} are Runway's own`);
  return { writer, key: writerKey(await secret.read(), writer) };
}
