import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureAssembly } from '../../local/synthesize.ts';
import { backgroundFunctions, environmentNames } from '../../shared/names.ts';
import { routes } from '../../shared/routes.ts';
import { bytesLoadedBy, filesLoadedBy, functionsAsset } from './import-graph.ts';

// How long a function needs until it asks for its first invocation, under AWS's own runtime client: `npm run bench:cold`
// (`-- --starts 5 registry/get-model` for more starts of fewer functions). Prints, asserts nothing.

const project = fileURLToPath(new URL('../..', import.meta.url));
const bootstrap = path.join(project, 'local', 'lambda', 'bootstrap.mjs');
const millisPerTick = 10;

type Start = { readonly wallMillis: number; readonly cpuMillis: number };

/** One process from its birth to its first question for work. CPU time is Linux's count for the whole process. */
async function startOnce(directory: string, handler: string): Promise<Start> {
  const { promise, resolve, reject } = Promise.withResolvers<Start>();
  const api = createServer((request) => {
    if (!request.url?.endsWith('/invocation/next')) return reject(new Error(`${handler} failed to load`));
    resolve({ wallMillis: performance.now() - startedAt, cpuMillis: cpuMillisOf(child.pid ?? 0) });
  });
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening));
  const { port } = api.address() as AddressInfo;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', bootstrap], {
    cwd: directory,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...lambdaEnvironment(directory, handler), AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` },
  });
  child.once('exit', (code) => reject(new Error(`${handler} ended with ${code}`)));
  try {
    return await promise;
  } finally {
    child.kill('SIGKILL');
    api.closeAllConnections();
    api.close();
  }
}

/** Every variable that any function asks for; loading calls nobody. */
function lambdaEnvironment(directory: string, handler: string): Record<string, string> {
  return {
    ...Object.fromEntries(environmentNames.map((name) => [name, '1'])),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: handler,
  };
}

function cpuMillisOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * millisPerTick;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(name: string, directory: string, starts: number): Promise<Start & { readonly name: string }> {
  const measured: Start[] = [];
  for (let start = 0; start < starts; start += 1) measured.push(await startOnce(directory, `${name}/index.handler`));
  const wallMillis = median(measured.map((start) => start.wallMillis));
  return { name, wallMillis, cpuMillis: median(measured.map((start) => start.cpuMillis)) };
}

function print(measured: Start & { readonly name: string }, baseline: Start, directory: string): void {
  const entry = path.join(directory, measured.name, 'index.mjs');
  const columns = [
    measured.wallMillis.toFixed(0),
    measured.cpuMillis.toFixed(0),
    `+${Math.max(0, measured.cpuMillis - baseline.cpuMillis).toFixed(0)}`,
    (bytesLoadedBy(entry) / 1_000).toFixed(0),
    String(filesLoadedBy(entry).size),
  ];
  process.stdout.write(`${measured.name.padEnd(40)}${columns.map((text) => text.padStart(9)).join('')}\n`);
}

const startsIndex = process.argv.indexOf('--starts');
const starts = startsIndex < 0 ? 3 : Number(process.argv[startsIndex + 1]);
const asked = process.argv.slice(2).filter((word) => word.includes('/'));
const all = [
  ...new Set([...Object.values(routes).map((route) => route.function), ...Object.values(backgroundFunctions)]),
];
const empty = mkdtempSync(path.join(tmpdir(), 'runway-cold-'));
try {
  mkdirSync(path.join(empty, 'empty'));
  writeFileSync(path.join(empty, 'empty', 'index.mjs'), 'export const handler = async () => ({});\n');
  const asset = functionsAsset(ensureAssembly(project, (line) => void process.stderr.write(`${line}\n`)));
  process.stdout.write(
    `p50 of ${starts} starts\n${'function'.padEnd(40)}  wall ms   CPU ms    added       kB    files\n`,
  );
  const baseline = await measure('empty', empty, starts);
  print(baseline, baseline, empty);
  for (const name of asked.length === 0 ? all : asked) print(await measure(name, asset, starts), baseline, asset);
} finally {
  rmSync(empty, { recursive: true, force: true });
}
