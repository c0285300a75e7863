import { type Customer, fact } from '../mutation/customer.ts';
import { definitionOf, versionOf } from '../mutation/model-life.ts';
import { below, type Random } from './random.ts';
import { type Delivery, minutesPerRound, trafficOf } from './records.ts';
import { request } from './session.ts';

/** Something a client does, and does again with the same ids until it is acknowledged. */
export type Step = { readonly name: string; run(customer: Customer): Promise<void> };

export const models = ['kill-a', 'kill-b'] as const;
export const buckets = 3;
const start = Date.parse('2001-01-22T00:00:00.000Z');
export const startOfReplay = new Date(start).toISOString();
const trafficRounds = 20;
/** Late records need some more rounds. */
export const rounds = trafficRounds + 6;
/** Rounds in which policies change, versions are registered, retrains are asked for and poison is put. */
const policyRounds = [2, 6, 10, 14];
const versionRounds = [4, 12];
const retrainRounds = [8, 9];
const poisonRounds = [5, 11];

export const expected = { policyVersion: 2 + policyRounds.length, versions: 1 + versionRounds.length };

function clock(round: number): Step {
  const advanceTo = new Date(start + (round + 1) * minutesPerRound * 60_000).toISOString();
  return {
    name: `clock ${advanceTo}`,
    run: async (customer) => void (await request(customer, 'POST', '/_local/clock', { advanceTo })),
  };
}

/** Registers and deploys; nothing but people shall ask for retrains, so drift and performance are switched off. */
export function setUp(modelId: string): Step {
  return {
    name: `set up ${modelId}`,
    async run(customer) {
      const model = `/v1/models/${modelId}`;
      await request(customer, 'POST', '/v1/models', { ...definitionOf(modelId), buckets }, { fine: ['model-exists'] });
      await request(customer, 'POST', `${model}/versions`, await versionOf(customer, modelId, 'first', start));
      await request(customer, 'POST', `${model}/versions/1/deployment`, {});
      await changePolicy(customer, modelId, 7);
    },
  };
}

async function changePolicy(customer: Customer, modelId: string, windowDays: number): Promise<void> {
  const { policy } = (await customer.succeed('GET', `/v1/models/${modelId}`)) as {
    readonly policy: { readonly retraining: object };
  };
  const retraining = { ...policy.retraining, onDrift: false, onPerformance: false };
  await request(customer, 'PUT', `/v1/models/${modelId}/policy`, { ...policy, windowDays, retraining });
}

function commits(modelId: string, round: number): readonly Step[] {
  const steps: Step[] = [];
  if (policyRounds.includes(round))
    steps.push({ name: `policy of ${modelId}`, run: (customer) => changePolicy(customer, modelId, 8 + round) });
  if (versionRounds.includes(round)) {
    const body = (customer: Customer) => versionOf(customer, modelId, `run-${round}`, start);
    const key = `version-${modelId}-${round}`;
    steps.push({
      name: key,
      run: async (customer) =>
        void (await request(customer, 'POST', `/v1/models/${modelId}/versions`, await body(customer), { key })),
    });
  }
  if (modelId === models[retrainRounds.indexOf(round)]) {
    const key = `retrain-${modelId}`;
    steps.push({
      name: key,
      run: async (customer) =>
        void (await request(customer, 'POST', `/v1/models/${modelId}/retrains`, { reason: key }, { key })),
    });
  }
  return steps;
}

function poison(modelId: string, round: number): readonly Step[] {
  if (!poisonRounds.includes(round)) return [];
  return [
    { name: 'garbage', run: (customer) => customer.putRecord(Buffer.from(`no record ${round}`), `${modelId}:0`) },
    {
      name: 'a forged record',
      run: (customer) =>
        customer.stream(
          modelId,
          'f0'.repeat(32),
          [{ kind: 'outcome', record: { predictionId: `forged-${round}` } }],
          buckets,
        ),
    },
  ];
}

/** What is due in a round, over HTTP or signed over the stream as chance has it. */
function deliveries(
  random: Random,
  modelId: string,
  round: number,
  due: readonly Delivery[],
  acknowledge: (records: readonly Delivery[]) => void,
): readonly Step[] {
  const shares = Map.groupBy(due, (delivery) => (random() < 0.5 ? 'stream' : delivery.kind));
  return [...shares].map(([channel, records]) => ({
    name: `${records.length} to ${channel} of ${modelId}`,
    async run(customer) {
      if (channel === 'stream') await putSigned(customer, modelId, records);
      else await post(customer, channel, records, `${channel}-${modelId}-${round}`);
      acknowledge(records);
    },
  }));
}

/** Outcomes that are known already are refused as such; that, too, says that they are there. */
async function post(
  customer: Customer,
  kind: 'prediction' | 'outcome',
  records: readonly Delivery[],
  key: string,
): Promise<void> {
  const body = { [`${kind}s`]: records.map(({ record }) => record) };
  const answer = await request(customer, 'POST', `/v1/${kind}s`, body, { key, fine: ['all-rejected'] });
  const rejected = (answer.rejected ?? answer.errors) as readonly { readonly code: string }[];
  const lost = rejected.filter(({ code }) => code !== 'duplicate-outcome');
  fact(lost.length === 0, () => `${JSON.stringify(lost)} were rejected`);
}

async function putSigned(customer: Customer, modelId: string, records: readonly Delivery[]): Promise<void> {
  const { key } = await request(customer, 'POST', '/v1/writers', {
    writer: 'flights/tests',
    scopes: ['predictions', 'outcomes'],
  });
  await customer.stream(modelId, String(key), records, buckets);
}

/** The steps of each round in order. `acknowledge` is told of records when, and only when, the cloud has taken them. */
export function replay(
  random: Random,
  acknowledge: (records: readonly Delivery[]) => void,
): readonly (readonly Step[])[] {
  const traffic = models.map((modelId) =>
    Array.from({ length: trafficRounds }, (_, round) =>
      trafficOf(random, modelId, round, start, 20 + below(random, 20)),
    ).flat(),
  );
  return Array.from({ length: rounds }, (_, round) => [
    clock(round),
    ...models.flatMap((modelId, i) => {
      const due = (traffic[i] ?? []).filter((delivery) => delivery.rounds.includes(round));
      return [
        ...deliveries(random, modelId, round, due, acknowledge),
        ...commits(modelId, round),
        ...poison(modelId, round),
      ];
    }),
  ]);
}
