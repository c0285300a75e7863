import { fileURLToPath } from 'node:url';
import { ensureAssembly } from '../../local/synthesize.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Synthesizes once, before any test runs: `npm start`, which a test runs too, then finds the assembly as it is. */
export function setup(): void {
  ensureAssembly(project, (message) => process.stderr.write(`${message}\n`));
}
