import { fileURLToPath } from 'node:url';
import { ensureAssembly } from '../../local/synthesize.ts';

/** Synthesizes once, before any test reads the templates: two at a time would replace each other's bundle. */
export function setup(): void {
  ensureAssembly(
    fileURLToPath(new URL('../..', import.meta.url)),
    (message) => void process.stderr.write(`${message}\n`),
  );
}
