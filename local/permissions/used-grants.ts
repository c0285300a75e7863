import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Decision } from './permissions.ts';

/** Environment variable that names a folder; the grants that a cloud uses are then written there. */
export const grantsFolderVariable = 'RUNWAY_USED_GRANTS';

/** One line per grant when it is first used, in a file per process, so that suites can run side by side. */
export function grantRecorder(environment: Readonly<Record<string, string | undefined>>): (decision: Decision) => void {
  const folder = environment[grantsFolderVariable];
  if (folder === undefined) return () => undefined;
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${process.pid}.ndjson`);
  const seen = new Set<Decision['grant']>();
  return ({ grant }) => {
    if (grant === undefined || seen.has(grant)) return;
    seen.add(grant);
    appendFileSync(file, `${JSON.stringify(grant)}\n`);
  };
}
