import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const project = fileURLToPath(new URL('../..', import.meta.url));
const built = path.join(project, 'dist', 'portal');
/** What the portal is made from. */
const sources = ['portal', 'sdk', 'package-lock.json'];

/** Path of the built portal, made anew when a source has changed since. Throws vite's errors. */
export async function ensurePortal(log: (message: string) => void): Promise<string> {
  const index = path.join(built, 'index.html');
  const newest = Math.max(...sources.map((source) => lastChange(path.join(project, source))));
  if (existsSync(index) && statSync(index).mtimeMs >= newest) return built;
  log('Building the portal …');
  // Elsewhere first: who reads the old one meanwhile must not find half of the new one.
  const fresh = `${built}-${process.pid}`;
  await build({
    root: path.join(project, 'portal'),
    mode: 'production',
    logLevel: 'error',
    build: { outDir: fresh, emptyOutDir: true },
  });
  rmSync(built, { recursive: true, force: true });
  renameSync(fresh, built);
  return built;
}

function lastChange(file: string): number {
  const stats = statSync(file);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(...readdirSync(file).map((name) => lastChange(path.join(file, name))));
}
