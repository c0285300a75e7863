import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A row of the summary that the demo prints at its end. */
export type Row = {
  readonly model: string;
  readonly performanceBreaches: number;
  readonly driftBreaches: number;
  /** As printed, e.g. `5 performance, 1 schedule`. */
  readonly retrains: string;
  readonly promoted: number;
  readonly refused: number;
  readonly rolledBack: number;
};
export type Story = { readonly status: number | null; readonly output: string; readonly rows: readonly Row[] };

/** Runs the demo to its end in a data folder of its own, as a user would from the command line. */
export async function runDemo(...options: readonly string[]): Promise<Story> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-story-'));
  try {
    const demo = spawn(process.execPath, ['examples/flights/demo.ts', '--exit', '--data-dir', dataDir, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    demo.stdout.on('data', (text: Buffer) => {
      output += text.toString();
    });
    demo.stderr.on('data', (text: Buffer) => {
      errors = (errors + text.toString()).slice(-4_000);
    });
    const status = await new Promise<number | null>((resolve) => demo.on('close', resolve));
    const story = { status, output, rows: output.split('\n').flatMap(readRow) };
    if (story.rows.length === 0)
      throw new Error(`the demo printed no summary (status ${status}):\n${output.slice(-2_000)}\n${errors}`);
    return story;
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function readRow(line: string): Row[] {
  const cells = line.split(/ {2,}/);
  const [model = '', evaluations, performanceBreaches, driftBreaches, retrains = '', promoted, refused, rolledBack] =
    cells;
  if (cells.length !== 8 || !/^\d+$/.test(evaluations ?? '')) return [];
  return [
    {
      model,
      performanceBreaches: Number(performanceBreaches),
      driftBreaches: Number(driftBreaches),
      retrains,
      promoted: Number(promoted),
      refused: Number(refused),
      rolledBack: Number(rolledBack),
    },
  ];
}
