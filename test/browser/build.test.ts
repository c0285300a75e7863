import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ensurePortal } from '../../scripts/portal/build.ts';

type Chunk = {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
};
const firstPageKilobytes = 300;

/** Files that a chunk loads before it runs, itself among them. */
function filesOf(manifest: Readonly<Record<string, Chunk>>, name: string): readonly string[] {
  const { file, imports = [], css = [] } = manifest[name]!;
  return [file, ...css, ...imports.flatMap((imported) => filesOf(manifest, imported))];
}

test('the first page loads less than 300 kB, gzipped, and neither charts nor graphs', async () => {
  const directory = await ensurePortal(() => undefined);
  const read = (file: string) => readFileSync(path.join(directory, file));
  const manifest = JSON.parse(read('manifest.json').toString()) as Readonly<Record<string, Chunk>>;
  const entry = Object.keys(manifest).find((name) => manifest[name]!.isEntry)!;
  const files = new Set(['index.html', ...filesOf(manifest, entry)]);
  const kilobytes = [...files].reduce((sum, file) => sum + gzipSync(read(file)).length, 0) / 1_000;
  process.stdout.write(`the first page loads ${kilobytes.toFixed(0)} kB in ${files.size} files\n`);
  expect(kilobytes).toBeLessThan(firstPageKilobytes);
  for (const file of files) expect(read(file).toString()).not.toMatch(/echarts|react-flow/);
});

test('index.html holds nothing that a strict content security policy refuses', async () => {
  const html = readFileSync(path.join(await ensurePortal(() => undefined), 'index.html'), 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/\sstyle=|<style|\son\w+=/);
});
