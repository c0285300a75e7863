import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** What the template and the functions' bundles are made from. */
const sources = ['cdk.json', 'functions', 'infra', 'package-lock.json', 'shared', 'stages', 'state-machines'];

/** Path of the project's cloud assembly, made anew when a source has changed since. Throws an Error when that fails. */
export function ensureAssembly(projectDirectory: string, log: (message: string) => void): string {
  const assembly = path.join(projectDirectory, 'cdk.out');
  const manifest = path.join(assembly, 'manifest.json');
  const newest = Math.max(...sources.map((source) => lastChange(path.join(projectDirectory, source))));
  if (existsSync(manifest) && statSync(manifest).mtimeMs >= newest) return assembly;
  log('Synthesizing the template …');
  const app = path.join('infra', 'app.ts');
  const { status } = spawnSync(process.execPath, [app], { cwd: projectDirectory, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${app} failed, see above`);
  return assembly;
}

function lastChange(file: string): number {
  const stats = statSync(file);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(file).map((name) => lastChange(path.join(file, name))));
}
