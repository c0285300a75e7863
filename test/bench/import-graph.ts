import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The bundle of all functions in a cloud assembly: the asset that holds `<path>/index.mjs` for each of them. */
export function functionsAsset(assembly: string): string {
  const found = readdirSync(assembly)
    .map((name) => path.join(assembly, name))
    .filter((directory) => existsSync(path.join(directory, 'registry', 'get-model', 'index.mjs')));
  // An assembly that was written anew keeps the assets of before.
  const [newest] = found.toSorted((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  if (newest === undefined) throw new Error(`${assembly} holds no bundle of the functions`);
  return newest;
}

/**
 * Every JavaScript file that loading a module loads, itself included, with its bytes. Dynamic imports do not count: the
 * SDK's are sources of credentials (SSO, profiles, STS) that a function, whose credentials are in its environment, never
 * asks.
 */
export function filesLoadedBy(entry: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (sizes.has(file)) continue;
    const source = readFileSync(file, 'utf8');
    sizes.set(file, Buffer.byteLength(source));
    for (const [, specifier = ''] of source.matchAll(/\b(?:from|import)\s*["'](\.{1,2}\/[^"']+\.mjs)["']/g))
      waiting.push(path.resolve(path.dirname(file), specifier));
  }
  return sizes;
}

/** Bytes of all of them together. */
export function bytesLoadedBy(entry: string): number {
  return [...filesLoadedBy(entry).values()].reduce((sum, bytes) => sum + bytes, 0);
}
