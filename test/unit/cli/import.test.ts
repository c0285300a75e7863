import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { lineParts, type PartLimits } from '../../../cli/import/line-parts.ts';
import { reached } from '../../../cli/reached.ts';
import { runCli } from '../../support/run-cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'runway-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* given(lines: readonly string[]) {
  yield* lines;
}

async function partsOf(lines: readonly string[], limits: PartLimits) {
  const parts: { packed: Uint8Array; count: number; text: string }[] = [];
  for await (const { packed, lines: count } of lineParts(given(lines), limits))
    parts.push({ packed, count, text: gunzipSync(packed).toString('utf8') });
  return parts;
}

describe('the parts of a file', () => {
  it('are its lines that are not blank, in their order, none of them larger than a request may be', async () => {
    const lines = fc.array(fc.oneof(fc.constant(''), fc.constant('  '), fc.string({ minLength: 1, maxLength: 60 })), {
      maxLength: 60,
    });
    const whole = (all: readonly string[]) =>
      all.map((line) => line.replaceAll(/[\n\r]/gu, '_')).map((line) => line.toWellFormed());
    await fc.assert(
      fc.asyncProperty(lines.map(whole), fc.integer({ min: 250, max: 600 }), async (all, unpackedBytes) => {
        const parts = await partsOf(all, { unpackedBytes, packedBytes: 300 });
        const kept = all.filter((line) => line.trim() !== '');
        expect(parts.flatMap(({ text }) => text.split('\n'))).toEqual(kept);
        expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(kept.length);
        for (const { packed, text } of parts) {
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(unpackedBytes);
          expect(packed.length).toBeLessThanOrEqual(300);
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('cannot hold a line that is longer than a part', async () => {
    await expect(partsOf(['short', 'x'.repeat(100)], { unpackedBytes: 100 })).rejects.toThrow(
      'line 2 has 101 bytes, expected at most 100',
    );
  });
});

describe('runway import', () => {
  const nobody = 'http://127.0.0.1:1';
  const file = path.join(folder, 'lines.ndjson.gz');
  writeFileSync(file, gzipSync('{"entity":{"uri":"aip://dataset/dbt/orders"}}\n'));

  it.each([
    [['--lines', file, '--url', nobody, '--mode', 'full'], '--provider <name> is missing'],
    [['--lines', file, '--url', nobody, '--provider', 'dbt'], '--mode full or --mode delta is missing'],
    [['--lines', file, '--url', 'example', '--provider', 'dbt'], '--url is example, expected the address of an API'],
    [
      ['--lines', file, '--url', nobody, '--resume', 'dbt-i1', '--mode', 'full'],
      '--mode is given with --resume, expected one or the other',
    ],
  ])('%j is wrong usage', async (args, message) => {
    const { code, out, error } = await runCli('import', ...args);
    expect(error).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('says who cannot be reached, and why', async () => {
    const call = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
    await expect(reached(nobody, call)).rejects.toThrow(`${nobody}: cannot be reached (connect ECONNREFUSED)`);
  });
});
