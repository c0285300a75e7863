import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOptions } from '../../scripts/smoke/options.ts';
import { runSmoke } from '../../scripts/smoke/run-smoke.ts';
import { boot, type Running } from '../e2e/boot.ts';
import { definitionOf, holdoutOf, versionOf } from '../mutation/model-life.ts';

type Commit = { readonly correlationId?: string; readonly events: readonly { readonly type: string }[] };
type LogLine = { readonly message?: string; readonly correlationId?: string; readonly traceId?: string };

const correlationId = 'ticket-4711';
const modelId = 'late-asked';
const path0 = `/v1/models/${modelId}`;
let running: Running;
let request: Record<string, string> = {};

/** A person asks for a retrain under an id; the trainer sends it back with what it trained. */
beforeAll(async () => {
  running = await boot('2001-01-22T00:00:00.000Z');
  const { customer, cloud } = running;
  await customer.succeed('POST', '/v1/models', definitionOf(modelId));
  await customer.succeed('POST', `${path0}/versions`, await versionOf(customer, modelId, 'first', running.now(), 3));
  await customer.succeed('POST', `${path0}/versions/1/deployment`, {});
  const { policy } = (await customer.succeed('GET', path0)) as { policy: { validation: object; rollout: object } };
  // Nobody waits for a person, as a model of tier 1 does by default.
  const rollout = { ...policy.rollout, approvals: undefined };
  const loose = { ...policy, rollout, validation: { ...policy.validation, minimumHoldoutRows: 30 } };
  await customer.succeed('PUT', `${path0}/policy`, loose);
  await customer.succeed('POST', `${path0}/retrains`, { reason: 'asked' }, { 'x-correlation-id': correlationId });
  await cloud.pump();
  const received = await customer.receiveRequest();
  request = received?.request ?? {};
  const headers = { 'x-correlation-id': request.correlationId ?? '' };
  const trained = { ...(await versionOf(customer, modelId, 'second', running.now())), trainingRun: request.runId };
  await customer.succeed('POST', `${path0}/versions`, trained, headers);
  const holdout = await customer.upload(`${modelId}/holdout.ndjson`, holdoutOf(running.now()));
  const completion = { status: 'succeeded', modelVersion: 2, holdout };
  await customer.succeed('POST', `/v1/runs/${request.runId}/completion`, completion, headers);
  await received?.done();
  await cloud.pump();
}, 120_000);
afterAll(() => running?.end());

/** Lines of all functions' logs, by the path of the function. */
function logLines(): ReadonlyMap<string, readonly LogLine[]> {
  const directory = path.join(running.dataDir, 'logs');
  return new Map(
    readdirSync(directory).map((file) => [
      file,
      readFileSync(path.join(directory, file), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as LogLine),
    ]),
  );
}

describe('one id, from a request to the rollout', () => {
  test('is in the training request', () => {
    expect(request).toMatchObject({ correlationId, modelId });
  });

  test('is in the history of everything that followed, and of nothing before', async () => {
    const { items } = await running.customer.succeed('GET', `${path0}/history?limit=100`);
    const commits = items as readonly Commit[];
    const ids = (type: string) =>
      commits.filter(({ events }) => events.some((event) => event.type === type)).map((commit) => commit.correlationId);
    expect(ids('ModelRegistered')).not.toEqual([correlationId]);
    for (const type of ['RetrainOpened', 'RetrainClosed', 'RolloutOpened', 'TrafficShifted'])
      expect([type, ids(type)]).toEqual([type, [correlationId]]);
  });

  test('is in the log of every function on the way, beside the trace', () => {
    const logs = logLines();
    const onTheWay = [
      'RequestRetrain',
      'RelayEvents',
      'DispatchRetrains',
      'RequestTraining',
      'RegisterVersion',
      'CompleteRun',
      'CloseRetrain',
      'CheckLoadability',
      'JudgeValidation',
      'ShiftTraffic',
    ];
    for (const name of onTheWay) {
      const lines = [...logs].filter(([file]) => file.includes(`${name}Function`)).flatMap(([, found]) => found);
      const found = lines.filter((line) => line.correlationId === correlationId);
      expect([name, found.length > 0]).toEqual([name, true]);
      expect(found[0]?.traceId).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    }
  });
});

describe('npm run smoke', () => {
  const lines: string[] = [];
  let passed = false;

  beforeAll(async () => {
    const options = await readOptions(['--url', running.cloud.apiUrl, '--local', '--team', 'flights']);
    passed = await runSmoke(options, (line) => void lines.push(line));
  }, 60_000);

  test('passes, and says how long each step took', () => {
    expect([passed, lines.at(-1)]).toEqual([true, 'passed']);
    expect(
      lines.filter((line) => /^ok +\d+ ms {2}/.test(line)).map((line) => line.slice(18).split(':')[0]),
    ).toHaveLength(14);
  });

  test('leaves a retired model and no file', async () => {
    const { items } = await running.customer.succeed('GET', '/v1/models?limit=100');
    const smoked = (items as { name: string; lifecycle: string; modelId: string }[]).find(({ modelId: id }) =>
      id.startsWith('smoke-'),
    );
    expect(smoked?.lifecycle).toBe('retired');
    expect(await running.customer.objects('ArtifactBucketName', 'smoke/')).toEqual([]);
  });

  test('fails at the first step that does not hold', async () => {
    const said: string[] = [];
    const options = await readOptions(['--url', running.cloud.apiUrl, '--token', 'forged']);
    expect(await runSmoke(options, (line) => void said.push(line))).toBe(false);
    expect(said.at(-1)).toMatch(/^FAILED +\d+ ms {2}the token is accepted: 401/);
  });
});

describe('what functions log', () => {
  test('holds no token, no signing key and no task token', async () => {
    const issued = await running.customer.succeed('POST', '/v1/writers', { writer: 'flights/tests' });
    const written = [...logLines().values()]
      .flat()
      .map((line) => JSON.stringify(line))
      .join('\n');
    expect(written.length).toBeGreaterThan(1_000);
    expect(String(issued.key).length).toBeGreaterThan(20);
    expect(written).not.toContain(issued.key);
    expect(written).not.toMatch(/eyJ[\w-]+\.eyJ|Bearer |taskToken/);
  });
});
