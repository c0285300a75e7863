import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendantsOf, survivorsOf } from '../e2e/processes.ts';

/** Ten days of flights: long enough for the first full week to be judged. */
describe('the demo over its first ten days', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'runway demo '));
  let run: { readonly status: number | null; readonly output: string; readonly started: readonly number[] };
  beforeAll(async () => {
    run = await runToItsEnd(['examples/flights/demo.ts', '--exit', '--to', '2001-01-31', '--data-dir', dataDir]);
  }, 300_000);
  afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));

  it('closes the loop', () => {
    expect(run.output).toContain('The loop closed');
    expect(run.status).toBe(0);
  });

  it('tells finding, decision, training and judgement in that order', () => {
    const verbs = ['found', 'decided', 'trained', 'validated'];
    const places = verbs.map((verb) => run.output.search(new RegExp(`late-basic +${verb} `)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('finds every prediction again that serving sent', () => {
    const [, sent, held] = /predictions: ([\d,]+) sent, ([\d,]+) held/.exec(run.output) ?? [];
    expect(sent).toMatch(/\d/);
    expect(held).toBe(sent);
  });

  it('leaves no process behind', () => {
    expect(run.started.length).toBeGreaterThan(5);
    expect(survivorsOf(run.started)).toEqual([]);
  });
});

async function runToItsEnd(argv: readonly string[]) {
  const child = spawn(process.execPath, [...argv], { stdio: ['ignore', 'pipe', 'ignore'] });
  const started = new Set<number>();
  let output = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
    for (const pid of descendantsOf(child.pid ?? 0)) started.add(pid);
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, output, started: [...started] };
}
