import { setTimeout as sleep } from 'node:timers/promises';
import { createRunwayClient, type RunwayClient, unwrap } from '../../sdk/client.ts';
import type { SmokeOptions } from './options.ts';
import { createThrowAwayModel } from './throw-away-model.ts';

type Print = (line: string) => void;
/** Throws when the deployment does not do it; what it gives is shown. */
type Step = readonly [name: string, run: () => Promise<string | undefined>];

/** Prints one line per step with its time; false when one failed, after which only the cleaning up is done. */
export async function runSmoke(options: SmokeOptions, print: Print): Promise<boolean> {
  const { url, token, artifacts, team } = options;
  const now = await options.now();
  const correlationId = `smoke-${now.toString(36)}`;
  const runway = createRunwayClient({ baseUrl: url, token: () => token, correlationId });
  print(`Runway at ${url}, correlation id ${correlationId}`);
  if (!(await runSteps(readSteps(url, runway), print))) return false;
  if (artifacts === undefined) {
    print('skipped  everything that writes: no --artifact-bucket was given');
    return true;
  }
  const model = createThrowAwayModel(runway, artifacts, { team, now });
  const passed = await runSteps(modelSteps(model, options), print);
  const cleaned = await runSteps(
    [
      [`retire ${model.modelId}`, () => model.retire().then(() => undefined)],
      ['delete its files', () => model.deleteFiles().then(() => undefined)],
    ],
    print,
    'all',
  );
  print(passed && cleaned ? 'passed' : 'FAILED');
  return passed && cleaned;
}

async function runSteps(steps: readonly Step[], print: Print, until: 'failure' | 'all' = 'failure'): Promise<boolean> {
  let passed = true;
  for (const [name, run] of steps) {
    const startedAt = performance.now();
    const failure = await run().then(
      (shown) => void print(line('ok', startedAt, name, shown)),
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    if (failure === undefined) continue;
    print(line('FAILED', startedAt, name, failure.message));
    passed = false;
    if (until === 'failure') return false;
  }
  return passed;
}

function line(verdict: string, startedAt: number, name: string, shown: string | undefined): string {
  const milliseconds = `${Math.round(performance.now() - startedAt)} ms`;
  return `${verdict.padEnd(7)}${milliseconds.padStart(9)}  ${name}${shown === undefined ? '' : `: ${shown}`}`;
}

function readSteps(url: string, runway: RunwayClient): readonly Step[] {
  return [
    [
      'the API describes itself',
      async () => {
        const response = await fetch(`${url}/v1/openapi.json`);
        const { openapi, paths } = (await response.json()) as { openapi?: string; paths?: object };
        expect(openapi?.startsWith('3.') && paths, `${response.status} without an OpenAPI document`);
        return `OpenAPI ${openapi}, ${Object.keys(paths ?? {}).length} paths`;
      },
    ],
    [
      'nothing is shown without a token',
      async () => {
        const { status } = await fetch(`${url}/v1/models`);
        expect(status === 401, `expected 401, got ${status}`);
        return undefined;
      },
    ],
    [
      'the token is accepted',
      async () => {
        const { items } = await unwrap(runway.GET('/v1/models', { params: { query: { limit: 1 } } }));
        return items.length === 0 ? 'no model yet' : undefined;
      },
    ],
  ];
}

function modelSteps(model: ReturnType<typeof createThrowAwayModel>, { cdn }: SmokeOptions): readonly Step[] {
  const { modelId } = model;
  const cdnStep: Step = ['the CDN has its routing table', () => readRoutingTable(`${cdn}/routing/${modelId}.json`)];
  return [
    [`register ${modelId}`, async () => (await model.register()).lifecycle],
    ['write its policy', () => model.confirmPolicy().then(() => undefined)],
    ['register a version', async () => `version ${(await model.registerVersion()).version}`],
    ['deploy it', async () => (await model.deploy()).result],
    ['send predictions', async () => taken(await model.predict(), 20)],
    ['send outcomes', async () => taken(await model.observe(), 20)],
    ['evaluate it', async () => (await model.evaluate()).verdict],
    ['ask for its health', async () => (await model.health()).verdict],
    ...(cdn === undefined ? [] : [cdnStep]),
  ];
}

function taken({ accepted }: { readonly accepted: number }, sent: number): string {
  expect(accepted === sent, `${accepted} of ${sent} were accepted`);
  return `${accepted} accepted`;
}

/** A CDN may still answer from before the deployment, for the seconds its cache is told to keep a miss. */
async function readRoutingTable(address: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(address);
    if (response.ok) return `${JSON.stringify(await response.json()).length} bytes`;
    expect(attempt < 10, `${response.status} from ${address}`);
    await sleep(1_000);
  }
}

function expect(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
