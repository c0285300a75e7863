import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ensureAssembly } from '../../local/synthesize.ts';
import { temporaryFolder } from '../e2e/boot.ts';
import { createCaller } from '../e2e/caller.ts';
import { flightModel } from '../e2e/late-basic.ts';
import { descendantsOf, survivorsOf } from '../e2e/processes.ts';

const program = fileURLToPath(new URL('../../local/start.ts', import.meta.url));
const dataDir = temporaryFolder();
const running = new Set<Started>();
// A stale template is made anew first, which the program says where it complains.
beforeAll(() => void ensureAssembly(fileURLToPath(new URL('../..', import.meta.url)), () => {}));
afterEach(async () => {
  for (const started of running) await started.end('SIGKILL');
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));

type Started = ReturnType<typeof start>;

/** Runs the program that `npm start` runs. `ready` resolves to all it has printed when it is up, or has ended. */
function start(...argv: string[]) {
  const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complained = '';
  const exited = once(child, 'exit');
  const closed = once(child, 'close');
  const ready = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('/v1/models')) resolve(printed);
    });
    void closed.then(() => resolve(printed));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complained += text;
  });
  const started = {
    ready,
    processes: () => descendantsOf(child.pid ?? 0),
    /** Exit status and what it complained of. */
    async ended() {
      const [status] = await exited;
      await closed;
      running.delete(started);
      return { status, complained };
    },
    end(signal: NodeJS.Signals) {
      child.kill(signal);
      return started.ended();
    },
  };
  running.add(started);
  return started;
}

/** Does what the program's last words tell to do. */
async function signIn(printed: string) {
  const [, apiUrl = ''] = /API +(\S+)/.exec(printed) ?? [];
  const [, url = '', body = ''] = /curl -s -X POST (\S+) -d '(.+)'/.exec(printed) ?? [];
  const { body: answer } = await createCaller('')({ path: url, body });
  return createCaller(apiUrl, String(answer.token));
}

describe('npm start', () => {
  test('boots empty, says how to get a token, keeps what it is told, and leaves nothing behind', async () => {
    const first = start('--port', '0', '--data-dir', dataDir);
    const call = await signIn(await first.ready);
    expect((await call({ path: '/v1/models' })).body).toEqual({ items: [] });
    expect((await call({ path: '/v1/models', body: flightModel('late-basic') })).status).toBe(201);
    const processes = first.processes();
    // At least the tables' engine and the functions that were called.
    expect(processes.length).toBeGreaterThanOrEqual(3);
    expect(await first.end('SIGINT')).toEqual({ status: 0, complained: '' });
    expect(survivorsOf(processes)).toEqual([]);

    const second = start('--port', '0', '--data-dir', dataDir);
    const callAgain = await signIn(await second.ready);
    expect((await callAgain({ path: '/v1/models' })).body).toMatchObject({ items: [{ modelId: 'late-basic' }] });

    const third = start('--port', '0', '--data-dir', dataDir);
    const { status, complained } = await third.ended();
    expect(status).toBe(1);
    expect(complained).toContain(`${dataDir} is in use`);
    expect((await callAgain({ path: '/v1/models' })).status).toBe(200);
    const left = second.processes();
    expect(await second.end('SIGTERM')).toEqual({ status: 0, complained: '' });
    expect(survivorsOf(left)).toEqual([]);
  });

  test('names the port that somebody else has', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = Object(other.address());
    const folder = temporaryFolder();
    const { status, complained } = await start('--port', String(port), '--data-dir', folder).ended();
    other.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    expect(status).toBe(1);
    expect(complained).toMatch(new RegExp(`port ${port} is in use`));
    expect(complained.trim().split('\n')).toHaveLength(1);
  });
});
