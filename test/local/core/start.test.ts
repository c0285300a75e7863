import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from './write-assembly.ts';

const start = fileURLToPath(new URL('../../../local/start.ts', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [start, ...args], { encoding: 'utf8' });

describe('npm start', () => {
  test('explains itself', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const option of ['--port', '--data-dir', '--reset']) expect(stdout).toContain(option);
  });

  test.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'http'], '--port: expected a number from 0 to 65533, got http'],
    [['--port', '65534'], '--port: expected a number from 0 to 65533, got 65534'],
    [['--port'], "Option '--port <value>' argument missing"],
    [['now'], "Unexpected argument 'now'"],
  ])('refuses %j with exit status 2', (args, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('--help');
  });

  test('does not delete a folder that it has not made', () => {
    const home = temporaryDirectory();
    mkdirSync(path.join(home, 'photos'));
    writeFileSync(path.join(home, 'photos', '1.jpg'), '');
    const { status, stderr } = run('--reset', '--data-dir', home);
    expect(status).toBe(2);
    expect(stderr).toContain(`${home} is not a data directory of Runway`);
  });
});
