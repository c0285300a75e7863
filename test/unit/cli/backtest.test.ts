import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runBacktest } from '../../../shared/api/backtests.ts';
import { defaultPolicy } from '../../../shared/domain/registry/policy.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { runCli, runJson, temporaryFolder } from '../../support/run-cli.ts';

const { write, remove } = temporaryFolder();
afterAll(remove);

const daySeconds = 86_400;
/** A Monday. */
const start = 1_700_438_400;
const servedFrom = start + 21 * daySeconds;
const isoOf = (seconds: number) => new Date(seconds * 1_000).toISOString();

type Stream = {
  readonly from: number;
  readonly days: number;
  /** Days after the first. @default never */
  readonly breaksAfter?: number;
  /** What breaks then: inputs, or what follows from them. */
  readonly broken: 'inputs' | 'outcomes' | 'nothing';
  readonly seed: number;
};

/** Six predictions an hour whose score is the probability of their outcome, until something breaks. */
function stream({ from, days, breaksAfter = days, broken, seed }: Stream): readonly string[] {
  const random = seededRandom(seed);
  return Array.from({ length: days * 144 }, (_, i) => {
    const at = from + i * 600;
    const isBroken = i >= breaksAfter * 144;
    const distance = random() + (isBroken && broken === 'inputs' ? 1 : 0);
    const score = 0.1 + 0.8 * random();
    const chance = isBroken && broken === 'outcomes' ? 1 - score : score;
    const label = random() < chance ? 1 : 0;
    return `${at},${distance.toFixed(4)},${['AA', 'BB'][i % 2]},${score.toFixed(4)},${label},${at + 3 * daySeconds}\n`;
  });
}

const csv = (rows: readonly string[]) => `at,distance,carrier,score,label,known_at\n${rows.join('')}`;
const reference = write('reference.csv', csv(stream({ from: start, days: 21, broken: 'nothing', seed: 1 })));
const breakAt = servedFrom + 12 * daySeconds;
/** Early enough for outcomes that come days later. */
const earlyBreak = write(
  'early.csv',
  csv(stream({ from: servedFrom, days: 21, breaksAfter: 5, broken: 'outcomes', seed: 3 })),
);
const history = (broken: Stream['broken']) => stream({ from: servedFrom, days: 21, breaksAfter: 12, broken, seed: 2 });
const brokenInputs = write('inputs.csv', csv(history('inputs')));
const brokenOutcomes = write('outcomes.csv', csv(history('outcomes')));

const policyFile = (name: string, policy: unknown) => write(name, JSON.stringify(policy));
const unchanged = policyFile('unchanged.json', {});
const blind = policyFile('blind.json', {
  stalenessThreshold: 1,
  signals: { dataDrift: { decisive: false }, performance: { decisive: false } },
});
/** Only realized performance counts. */
const onOutcomesOnly = { stalenessThreshold: 1, signals: { dataDrift: { decisive: false } } };
const outcomesOnly = policyFile('outcomes-only.json', onOutcomesOnly);

const whileBroken = `--degraded=${breakAt}..${isoOf(breakAt + daySeconds * 9)}`;
const unlabelled = (current: string, policy: string) => [
  `--reference=${reference}`,
  `--current=${current}`,
  '--time-column=at',
  '--exclude=known_at,label,score',
  `--policy=${policy}`,
  '--every=1d',
];
const labelled = (current: string, policy: string) => [
  ...unlabelled(current, policy).filter((option) => !option.startsWith('--exclude')),
  '--exclude=known_at',
  '--score-column=score',
  '--label-column=label',
];
const backtest = (...args: readonly string[]) => runJson('backtest', ...args);

describe('a backtest of files', () => {
  it('finds a sudden break by a sensitive policy soon, and never by a blind one', async () => {
    const report = await backtest(...labelled(brokenInputs, blind), whileBroken);
    const { current, candidate } = report;
    expect(report).toMatchObject({
      evaluations: 21,
      everyNth: 1,
      everyHours: 24,
      rows: { reference: 3_024, current: 3_024 },
    });
    expect(report.from).toBe(isoOf(servedFrom));
    expect(report.to).toBe(isoOf(servedFrom + 21 * daySeconds));
    expect(report.degradations).toEqual([
      { from: isoOf(breakAt), to: isoOf(breakAt + daySeconds * 9), source: 'given', metrics: [] },
    ]);
    expect(current.alerts).toHaveLength(1);
    expect(current.alerts[0].reason).toContain('distance');
    expect(current.detections[0].delayHours).toBeGreaterThan(0);
    expect(current.detections[0].delayHours).toBeLessThanOrEqual(72);
    expect(current.falseAlerts).toBe(0);
    expect(candidate).toMatchObject({
      alerts: [],
      falseAlerts: 0,
      detections: [{ detectedAt: null, delayHours: null }],
    });
  });

  it('finds in hindsight when the outcomes were no longer what they were', async () => {
    const { degradations, current } = await backtest(...labelled(brokenOutcomes, unchanged));
    expect(degradations.at(-1)).toMatchObject({
      source: 'hindsight',
      from: isoOf(breakAt),
      to: isoOf(servedFrom + 21 * daySeconds),
    });
    expect(current.detections.at(-1).delayHours).toBeGreaterThan(0);
  });

  it('of the policy that is in force says the same of both', async () => {
    const { current, candidate } = await backtest(...labelled(brokenInputs, unchanged), '--every=3d');
    expect(candidate).toEqual(current);
    expect(current.alerts).toHaveLength(1);
  });

  it('is the same for rows in any order', async () => {
    const shuffled = write('shuffled.csv', csv(history('inputs').toReversed()));
    const [inOrder, reversed] = await Promise.all(
      [brokenInputs, shuffled].map((file) => backtest(...labelled(file, blind), '--every=3d')),
    );
    expect(reversed.degradations).toEqual(inOrder.degradations);
    expect(reversed.current.alerts.map(({ at }: { at: string }) => at)).toEqual(
      inOrder.current.alerts.map(({ at }: { at: string }) => at),
    );
  });

  it('knows no outcome before its time', async () => {
    const degraded = `--degraded=${isoOf(servedFrom + 5 * daySeconds)}..${isoOf(servedFrom + 21 * daySeconds)}`;
    const judged = (...more: readonly string[]) => backtest(...labelled(earlyBreak, outcomesOnly), ...more);
    const delayOf = async (...more: readonly string[]) =>
      (await judged(degraded, ...more)).candidate.detections[0].delayHours;
    const late = await delayOf('--label-time-column=known_at', '--attribution-window=4d');
    expect(late).toBeGreaterThanOrEqual((await delayOf()) + 72);
    const tooLate = await judged('--label-time-column=known_at', '--attribution-window=2d');
    expect(tooLate).toMatchObject({ degradations: [], candidate: { alerts: [] } });
  });

  it('without labels calls no alert false, as nothing tells', async () => {
    const { degradations, current, assumptions } = await backtest(...unlabelled(brokenInputs, blind), '--every=3d');
    expect(degradations).toEqual([]);
    expect(current).toMatchObject({ falseAlerts: null, detections: [] });
    expect(current.alerts).toHaveLength(1);
    expect(assumptions.at(-1)).toContain('nothing tells when the model was worse');
    const { out } = await runCli('backtest', ...unlabelled(brokenInputs, blind), '--every=3d', '--format=table');
    expect(out).not.toContain('false');
  });

  it('tries windows of another length', async () => {
    const wide = policyFile('wide.json', { ...onOutcomesOnly, windowDays: 14 });
    const args = [...labelled(brokenOutcomes, wide), `--current-policy=${outcomesOnly}`, '--every=2d'];
    const { assumptions, current, candidate } = await backtest(...args);
    expect(assumptions.join()).not.toContain('could not be tried');
    expect(candidate.alerts[0].reason).toContain('14 days');
    expect(current.alerts[0].reason).not.toContain('14 days');
  });

  it('prints the same figures as a table', async () => {
    const args = [...labelled(brokenInputs, blind), '--every=2d'];
    const { evaluations, current, candidate, degradations } = await backtest(...args, '--retrain-cost=250');
    const { out } = await runCli('backtest', ...args, '--retrain-cost=250', '--format=table');
    const cells = (name: string) =>
      out
        .split('\n')
        .find((line) => line.startsWith(`${name}  `))
        ?.split(/\s{2,}/)
        .slice(1);
    const figure = (value: number) => String(Number(value.toPrecision(6)));
    expect(out).toContain(`${evaluations} evaluations from`);
    for (const [name, field] of [
      ['alerts per week', 'alertsPerWeek'],
      ['share of evaluations at risk', 'atRiskRatio'],
      ['false alerts', 'falseAlerts'],
      ['cost of retrains', 'retrainCost'],
    ] as const)
      expect(cells(name)).toEqual([figure(current[field]), figure(candidate[field])]);
    expect(cells('retrains')).toEqual([String(current.retrains.length), String(candidate.retrains.length)]);
    expect(current.retrainCost).toBe(250 * current.retrains.length);
    expect(out).toContain(`degradations found of ${degradations.length}`);
    for (const { at, reason } of current.alerts) expect(cells(at)).toEqual(['stood at the end', reason]);
    expect(out).toContain('No alert of the candidate policy.');
  });
});

describe('a backtest that cannot be', () => {
  const told = (name: string, text: string) => labelled(brokenInputs, write(name, text));

  it.each([
    ['a misspelt field', '{"signals":{"dataDrift":{"psiBraech":1}}}', '/signals/dataDrift/psiBraech: no such field'],
    ['a value out of range', '{"significance":2}', '/significance: '],
    ['another shape', '{"signals":3}', '/signals: '],
    ['a list', '[]', 'expected a JSON object'],
    ['no JSON', 'psi = 1', 'not JSON'],
  ])('refuses a policy of %s', async (_, text, message) => {
    const { code, error, out } = await runCli('backtest', ...told('bad.json', text));
    expect(error).toContain('bad.json: ');
    expect(error).toContain(message);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  it.each([
    [['--time-column=when'], 'when'],
    [['--label-column=outcome'], 'outcome'],
    [['--time-column=carrier'], 'row 1 has carrier "AA"'],
    [['--score-column=at'], 'expected 0 to 1'],
    [['--exclude=colour'], 'colour'],
    [['--policy=absent.json'], 'absent.json: cannot be opened (ENOENT)'],
  ])('names what is wrong with %j', async (args, message) => {
    const { code, error } = await runCli('backtest', ...labelled(brokenInputs, unchanged), ...args);
    expect(error).toContain(message);
    expect(code).toBe(1);
  });

  it.each([
    [['--every=soon'], '--every is soon, expected whole hours or days'],
    [['--degraded=monday'], '--degraded is monday, expected from..to'],
    [['--degraded=2024-01-02..2024-01-01'], 'expected from..to with a moment before the other'],
    [['--retrain-cost=-1'], '--retrain-cost is -1, expected 0 to 1e9'],
    [['--model=eta'], '--model goes with --url'],
    [['--url=http://localhost'], '--reference goes with files'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, error } = await runCli('backtest', ...labelled(brokenInputs, unchanged), ...args);
    expect(error).toContain(message);
    expect(code).toBe(2);
  });

  it('needs a score for its labels', async () => {
    const { code, error } = await runCli('backtest', ...unlabelled(brokenInputs, unchanged), '--label-column=label');
    expect(error).toContain('--score-column <column> is missing, which --label-column needs');
    expect(code).toBe(2);
  });
});

describe('a backtest on a service', () => {
  type Received = { readonly url: string; readonly token: string | undefined; readonly body: string };
  const received: Received[] = [];
  const run = {
    alerts: [],
    alertsPerWeek: 0,
    falseAlerts: 0,
    detections: [],
    retrains: [],
    retrainCost: 0,
    atRiskRatio: 0,
  };
  const answer = runBacktest.response.parse({
    modelId: 'eta',
    from: isoOf(servedFrom),
    to: isoOf(breakAt),
    evaluations: 288,
    everyNth: 2,
    degradations: [],
    current: { ...run, alertsPerWeek: 0.5 },
    candidate: run,
    assumptions: ['the history stays as it was'],
  });
  const policy = defaultPolicy(1);
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { url = '', headers } = request;
      received.push({ url, token: headers.authorization, body });
      const send = (status: number, value: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      if (!url.startsWith('/v1/models/eta')) return send(404, problem);
      return send(200, request.method === 'GET' ? { modelId: 'eta', policy } : answer);
    });
  });
  const problem = {
    type: 'urn:runway:problem:unknown-model',
    title: 'Not found',
    detail: 'no model "unknown"',
    status: 404,
    correlationId: 'c1',
  };
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
  afterEach(() => {
    received.length = 0;
    vi.unstubAllEnvs();
  });

  it('sends the policy of the model with the changes of the file, and prints the report of the service', async () => {
    vi.stubEnv('RUNWAY_TOKEN', 'secret');
    const args = [
      `--url=${url()}`,
      '--model=eta',
      `--policy=${blind}`,
      `--from=${servedFrom}`,
      '--to=2023-12-20',
      '--retrain-cost=3',
    ];
    expect(await backtest(...args, '--degraded=2023-12-12..2023-12-13', '--degraded=2023-12-15..2023-12-16')).toEqual(
      answer,
    );
    expect(received.map(({ url: path, token }) => [path, token])).toEqual([
      ['/v1/models/eta', 'Bearer secret'],
      ['/v1/models/eta/backtests', 'Bearer secret'],
    ]);
    const body = runBacktest.body?.parse(JSON.parse(received[1]!.body));
    expect(body).toMatchObject({ from: isoOf(servedFrom), to: '2023-12-20T00:00:00.000Z', retrainCost: 3 });
    expect(body?.degradations).toHaveLength(2);
    expect(body?.policy).toEqual({
      ...policy,
      stalenessThreshold: 1,
      signals: {
        ...policy.signals,
        dataDrift: { ...policy.signals.dataDrift, decisive: false },
        performance: { ...policy.signals.performance, decisive: false },
      },
    });
  });

  it('prints the report as a table', async () => {
    const { code, out } = await runCli(
      'backtest',
      `--url=${url()}`,
      '--model=eta',
      `--policy=${blind}`,
      '--format=table',
    );
    expect(code).toBe(0);
    expect(out).toContain('288 evaluations');
    expect(out).toMatch(/alerts per week +0\.5 +0\n/);
  });

  it('tells title and detail of a problem', async () => {
    const { code, error, out } = await runCli('backtest', `--url=${url()}`, '--model=unknown', `--policy=${blind}`);
    expect(error).toContain('Not found; no model "unknown"');
    expect(error).not.toContain('at ');
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  it('needs a model', async () => {
    const { code, error } = await runCli('backtest', `--url=${url()}`, `--policy=${blind}`);
    expect(error).toContain('--model <id> is missing');
    expect(code).toBe(2);
  });
});
