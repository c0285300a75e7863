import type { Cloud } from '../../local/cloud.ts';
import { createCustomer, everyRole, fact, type Place } from './customer.ts';
import { definitionOf, holdoutOf, outcomesOf, predictionsOf, versionOf } from './model-life.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Clouds start here, so that the decision schedule, every 60 minutes, looks at models five minutes before the full hour. */
export const start = '2001-01-22T00:55:00.000Z';
const iso = (millis: number) => new Date(millis).toISOString();

type Body = Record<string, unknown>;
export type World = Awaited<ReturnType<typeof createWorld>>;

/** A customer with one model in a running cloud; each step leaves the model where its name says. */
export async function createWorld(cloud: Cloud, modelId: string, options: Pick<Place, 'attempts'> = {}) {
  const place = {
    apiUrl: cloud.apiUrl,
    outputs: cloud.outputs,
    environment: cloud.sdkEnvironment(),
    token: await cloud.token(everyRole),
    ...options,
  };
  const customer = createCustomer(place);
  const { succeed } = customer;
  const model = `/v1/models/${modelId}`;
  const now = () => Date.parse(cloud.now());
  const advance = (minutes: number) => cloud.advanceTo(iso(now() + minutes * minute));
  /** Lets the windows of the event source mappings, a second, run out. */
  const settle = () => advance(1 / 30);

  async function register(): Promise<Body> {
    return succeed('POST', '/v1/models', definitionOf(modelId));
  }
  async function addVersion(name: string, ageDays = 1): Promise<number> {
    const { version } = await succeed(
      'POST',
      `${model}/versions`,
      await versionOf(customer, modelId, name, now(), ageDays),
    );
    return Number(version);
  }
  /** Version 1 serves everything. */
  async function deploy(): Promise<void> {
    await register();
    await addVersion('first');
    await succeed('POST', `${model}/versions/1/deployment`, {});
  }
  /** Changes the policy so that few rows and hours suffice, and as `change` says. */
  async function loosenPolicy(change: (policy: Policy) => Policy = (policy) => policy): Promise<void> {
    const policy = (await succeed('GET', model)).policy as Policy;
    const loose = {
      ...policy,
      minimumRows: 30,
      validation: { ...policy.validation, minimumHoldoutRows: 30 },
      // Tier 1 asks people, which only some behaviours are about.
      rollout: { ...policy.rollout, holdHours: 1, approvals: undefined },
    };
    await succeed('PUT', `${model}/policy`, change(loose));
  }
  /** Sixty predictions of the next half minute over HTTP. */
  async function predict(): Promise<ReturnType<typeof predictionsOf>> {
    await advance(1);
    const predictions = predictionsOf(modelId, 60, now());
    await succeed('POST', '/v1/predictions', { predictions });
    await settle();
    return predictions;
  }
  async function resolve(predictions: ReturnType<typeof predictionsOf>): Promise<void> {
    await succeed('POST', '/v1/outcomes', { outcomes: outcomesOf(predictions) });
    await settle();
  }
  /** All of version 1's performance of today, as one point. */
  async function performance(): Promise<Body> {
    const from = iso(Math.floor(now() / hour) * hour - 2 * hour);
    const to = iso(Math.floor(now() / hour) * hour + hour);
    const { points } = await succeed('GET', `${model}/performance?version=1&bucket=all&from=${from}&to=${to}`);
    const [point] = points as Body[];
    fact(point !== undefined, () => 'performance has no point');
    return point;
  }
  /**
   * Lets the model drift in the last minutes of an hour, told two minutes after it, and moves ten minutes on: time for a
   * scan and for what follows from it, but not for the hourly look at retrains, see `start`. A break within a single day
   * is believed only when it is overwhelming, which takes some hundred rows.
   */
  async function drift(): Promise<void> {
    await deploy();
    await loosenPolicy((policy) => ({ ...policy, significance: 0.01, fleetControl: false }));
    const fullHour = (Math.floor(now() / hour) + 1) * hour;
    await cloud.advanceTo(iso(fullHour + 2 * minute));
    await succeed('POST', '/v1/predictions', {
      predictions: predictionsOf(modelId, 400, fullHour, (score) => score + 10),
    });
    await advance(10);
  }
  /** A person asks for a retrain; gives the training request that a trainer of this model takes. */
  async function requestRetrain(): Promise<Record<string, string>> {
    await succeed('POST', `${model}/retrains`, { reason: 'a test asks for it' });
    await cloud.pump();
    return takeRequest();
  }
  async function takeRequest(): Promise<Record<string, string>> {
    for (;;) {
      const taken = await customer.receiveRequest();
      fact(taken !== undefined, () => `no training request of ${modelId} came`);
      await taken.done();
      if (taken.request.modelId === modelId) return taken.request;
    }
  }
  /** The trainer's work: a version, better on the hold-out, and the end of the run. */
  async function train(runId: string, holdoutText = holdoutOf(now())): Promise<void> {
    const modelVersion = await addVersion(runId, 2);
    const holdout = await customer.upload(`${modelId}/holdout.ndjson`, holdoutText);
    await succeed('POST', `/v1/runs/${runId}/completion`, { status: 'succeeded', modelVersion, holdout });
    await cloud.pump();
  }
  /** Version 1 serves, and version 2 waits for an approval before its first canary step; gives the rollout. */
  function awaitApproval(): Promise<Body> {
    return startRollout((policy) => ({
      ...policy,
      rollout: {
        ...policy.rollout,
        approvals: { before: ['first-step'], expiryHours: 72, onExpiry: 'roll-back', reminderHours: 24 },
      },
    }));
  }
  /** Version 1 serves, and version 2 waits for a consuming service to say that it loads; gives what it was asked. */
  async function awaitProbe(): Promise<Body> {
    await deploy();
    await loosenPolicy();
    const consumers = [{ service: 'departures-board', loadProbe: { kind: 'queue' } }];
    await succeed('PUT', `${model}/consumers`, { consumers });
    await train((await requestRetrain()).runId ?? '');
    const [probe] = ((await rollout()).loadProbes ?? []) as readonly Body[];
    fact(probe !== undefined, () => 'no consumer was asked');
    return probe;
  }
  /** Somebody who did not ask for the retrain. */
  async function somebodyElse(): Promise<Readonly<Record<string, string>>> {
    return { authorization: `Bearer ${await cloud.token({ ...everyRole, sub: 'grace' })}` };
  }
  /** Version 1 serves and version 2 has the first canary step; gives the rollout. */
  function startCanary(): Promise<Body> {
    return startRollout((policy) => policy);
  }
  async function startRollout(change: (policy: Policy) => Policy): Promise<Body> {
    await deploy();
    await loosenPolicy(change);
    await train((await requestRetrain()).runId ?? '');
    return rollout();
  }
  async function rollout(): Promise<Body> {
    const { items } = await succeed('GET', `${model}/rollouts`);
    const [newest] = items as Body[];
    fact(newest !== undefined, () => 'no rollout was opened');
    return newest;
  }
  return {
    cloud,
    customer,
    succeed,
    model,
    modelId,
    now,
    advance,
    settle,
    register,
    addVersion,
    deploy,
    loosenPolicy,
    predict,
    resolve,
    performance,
    drift,
    requestRetrain,
    train,
    startCanary,
    awaitApproval,
    awaitProbe,
    somebodyElse,
    rollout,
    close: customer.close,
  };
}

export type Policy = Body & {
  readonly signals: { readonly dataDrift: Body };
  readonly validation: Body;
  readonly rollout: Body;
  readonly retraining: Body;
};
