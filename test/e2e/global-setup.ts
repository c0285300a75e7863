import { fileURLToPath } from 'node:url';
import { ensureAssembly } from '../../local/synthesize.ts';
import { ensurePortal } from '../../scripts/portal/build.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Synthesizes and builds once, before any test runs: `npm start`, which a test runs too, then finds both as they are. */
export async function setup(): Promise<void> {
  const log = (message: string) => void process.stderr.write(`${message}\n`);
  ensureAssembly(project, log);
  await ensurePortal(log);
}
