import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import { lineProgress } from '../../../cli/progress.ts';
import { runCli } from '../../support/run-cli.ts';
import { memorySource } from '../tables/source.ts';

describe('the command line', () => {
  it('lists the commands, and the options of each', async () => {
    const { code, out } = await runCli('--help');
    expect(code).toBe(0);
    for (const { name, summary, options } of commands) {
      expect(out).toContain(`${name} `);
      expect(out).toContain(summary);
      const help = await runCli(name, '--help');
      expect(help.code).toBe(0);
      for (const option of [...Object.keys(options), 'format']) expect(help.out).toContain(`--${option} <`);
    }
    expect((await runCli()).out).toBe(out);
  });

  it.each([
    [['nonsense'], 'unknown command nonsense, expected one of'],
    [['performance', '--outcomes', 'o.csv', '--task', 'binary'], '--predictions <file> is missing'],
    [['performance', '--predictions'], "Option '--predictions <value>' argument missing"],
    [['performance', '--colour', 'red'], "Unknown option '--colour'"],
    [['performance', 'p.csv'], "Unexpected argument 'p.csv'"],
    [
      ['performance', '--predictions', 'p.csv', '--outcomes', 'o.csv', '--task', 'ranking'],
      '--task is ranking, expected binary or regression',
    ],
    [
      ['performance', '--predictions', 'p.csv', '--outcomes', 'o.csv', '--task', 'binary', '--as-of', 'soon'],
      '--as-of is soon, expected Unix seconds',
    ],
  ])('%j is wrong usage', async (args, message) => {
    const { code, out, error } = await runCli(...args);
    expect(error).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('is a process with an exit code, and nothing but the result on stdout', () => {
    const runway = fileURLToPath(new URL('../../../cli/runway.ts', import.meta.url));
    const run = (...args: readonly string[]) => spawnSync(process.execPath, [runway, ...args], { encoding: 'utf8' });
    expect(run('--help')).toMatchObject({ status: 0, stderr: '' });
    expect(run('nonsense')).toMatchObject({ status: 2, stdout: '' });
  });

  it('names a file that is not there', async () => {
    const args = ['--predictions', 'absent.csv', '--outcomes', 'absent.csv', '--task', 'binary'];
    const { code, error } = await runCli('performance', ...args);
    expect(error).toBe('runway: absent.csv: cannot be opened (ENOENT)\n');
    expect(code).toBe(1);
  });
});

describe('progress', () => {
  it('is silent for a second, then tells the share and the speed once a second', async () => {
    const lines: string[] = [];
    let now = 0;
    const progress = lineProgress(
      (line) => lines.push(line),
      () => now,
    );
    const stream = progress.watch(memorySource('f.csv', 'x'.repeat(100), 25)).stream();
    for await (const _ of stream) {
      now += 600;
      progress.values(3_000);
    }
    expect(lines).toEqual(['f.csv: 50 %, 5,000 values/s\n', 'f.csv: 100 %, 5,000 values/s\n']);
  });

  it('tells the steps of something long once a second', () => {
    const lines: string[] = [];
    let now = 0;
    const progress = lineProgress(
      (line) => lines.push(line),
      () => now,
    );
    for (let i = 1; i <= 4; i += 1) {
      now += 600;
      progress.step(`${i} of 4 moments`);
    }
    expect(lines).toEqual(['2 of 4 moments\n', '4 of 4 moments\n']);
  });
});
