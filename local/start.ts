import { existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bootCloud, type Cloud } from './cloud.ts';
import { lockDataDirectory } from './data-directory.ts';
import { publishPortal } from './publish-portal.ts';
import { ensureAssembly } from './synthesize.ts';

const help = `Runs Runway on this machine, from the CloudFormation template that deploys it.

npm start -- [--port 4566] [--data-dir .runway/data] [--reset]

  --port <number>     port of the HTTP API; the CDN and the AWS services take the next two. 0 takes any free ones
  --data-dir <path>   where everything is kept; a later start continues from there
  --reset             begins with an empty data directory
  --help              prints this
`;

const project = fileURLToPath(new URL('..', import.meta.url));
const print = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

/** A mistake of the caller, explained in one line. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Settings = { readonly port: number; readonly dataDir: string; readonly reset: boolean; readonly help: boolean };

function readSettings(argv: readonly string[]): Settings {
  const { port, 'data-dir': dataDir, reset, help: wantsHelp } = parse(argv);
  if (!/^\d+$/.test(port) || Number(port) > 65_533) {
    throw new UsageError(`--port: expected a number from 0 to 65533, got ${port}`);
  }
  return { port: Number(port), dataDir: path.resolve(project, dataDir), reset, help: wantsHelp };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string', default: '4566' },
        'data-dir': { type: 'string', default: path.join('.runway', 'data') },
        reset: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Deletes only what this program made, and only when nobody uses it. */
function reset(dataDir: string): void {
  if (!existsSync(dataDir)) return;
  const content = readdirSync(dataDir);
  if (content.length > 0 && !content.includes('lock')) {
    throw new UsageError(`--reset: ${dataDir} is not a data directory of Runway`);
  }
  lockDataDirectory(dataDir)();
  rmSync(dataDir, { recursive: true });
}

function introduce(cloud: Cloud, dataDir: string): void {
  const { apiUrl, cdnUrl } = cloud;
  const { AWS_ENDPOINT_URL_SQS: services } = cloud.sdkEnvironment();
  print(`Runway is running on this machine. Ctrl-C stops it; the data stays.

  Portal     ${cdnUrl}   sign in as whoever you like
  API        ${apiUrl}   described at ${apiUrl}/v1/openapi.json
  Routing    ${cdnUrl}/routing/<model>.json   for serving systems
  Services   ${services}   DynamoDB, Kinesis, S3, SQS, EventBridge, Step Functions, Secrets Manager
  Status     ${apiUrl}/_local/status   with everything an AWS SDK needs
  Data       ${dataDir}   functions log to logs/

Get a token and use it:

  curl -s -X POST ${apiUrl}/_local/token -d '{"sub":"ada","groups":["admin"]}'
  curl -s ${apiUrl}/v1/models -H 'authorization: Bearer <token>'
`);
}

function stopOnSignal(cloud: Cloud): void {
  let isStopping = false;
  const stop = async () => {
    // Whoever asks twice does not want to wait for the work under way.
    if (isStopping) process.exit(1);
    isStopping = true;
    await cloud.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
}

async function start(argv: readonly string[]): Promise<void> {
  const settings = readSettings(argv);
  if (settings.help) return print(help);
  const { port, dataDir } = settings;
  if (settings.reset) reset(dataDir);
  const assembly = ensureAssembly(project, complain);
  const cloud = await bootCloud({
    assembly,
    dataDir,
    port,
    clock: { mode: 'wall' },
    functionConcurrency: availableParallelism(),
    log: complain,
  });
  stopOnSignal(cloud);
  // Everything else works without it.
  await publishPortal(cloud, project).catch((error: Error) => complain(error.message));
  introduce(cloud, dataDir);
}

try {
  await start(process.argv.slice(2));
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  if (error instanceof UsageError) complain('npm start -- --help explains.');
  process.exit(error instanceof UsageError ? 2 : 1);
}
