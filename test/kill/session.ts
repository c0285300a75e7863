import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type Customer, createCustomer, fact } from '../mutation/customer.ts';
import { type CloudProcess, startCloudProcess } from './cloud-process.ts';

/** The cloud went away, or is not ready: the client sends the same again. */
export class Outage extends Error {
  override readonly name = 'Outage';
}

/** Of one request. More than a few mean that the cloud does not recover. */
const mostAttempts = 30;

export type Session = ReturnType<typeof createSession>;

/** One data directory, and the cloud that runs on it between two kills. */
export function createSession(assembly: string, dataDir: string, start: string) {
  let running: Promise<{ readonly cloud: CloudProcess; readonly customer: Customer }> = boot();
  let kills = 0;
  let resent = 0;

  async function boot() {
    const cloud = await startCloudProcess(assembly, dataDir, start);
    return { cloud, customer: createCustomer(cloud.place) };
  }

  async function restart({ cloud, customer }: Awaited<typeof running>) {
    await cloud.kill();
    customer.close();
    kills += 1;
    return boot();
  }

  async function kill(): Promise<void> {
    running = restart(await running);
    await running;
  }

  /** Does it until it was acknowledged, over as many clouds as it takes. */
  async function insist<T>(work: (customer: Customer) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const { customer } = await running;
      try {
        return await work(customer);
      } catch (error) {
        if (!isOutage(error) || attempt === mostAttempts) throw error;
        resent += 1;
        await delay(20);
      }
    }
  }

  /** Later calls do nothing. */
  async function stop(): Promise<void> {
    const { cloud, customer } = await running;
    customer.close();
    await cloud.stop();
  }

  return { kill, insist, stop, counts: () => ({ kills, resent }) };
}

/** A request that a client may send again until it has an answer; `fine` are problems that mean that it was done before. */
export async function request(
  customer: Customer,
  method: string,
  path: string,
  body: unknown,
  { key, fine = [] }: { readonly key?: string; readonly fine?: readonly string[] } = {},
): Promise<Answer['body']> {
  const answer = await customer.call(method, path, body, key === undefined ? {} : { 'idempotency-key': key });
  const problem = String(answer.body.type).replace('urn:runway:problem:', '');
  if (answer.status >= 500) throw new Outage(`${method} ${path} answered ${answer.status}`);
  if (problem === 'idempotency-in-progress') {
    await waitForLease(customer);
    throw new Outage('the first try is still counted as under way');
  }
  fact(
    answer.status < 300 || fine.includes(problem),
    () => `${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`,
  );
  return answer.body;
}

/** A minute of virtual time: as long as the key of a request that was cut off stays taken. */
async function waitForLease(customer: Customer): Promise<void> {
  const { now } = await customer.succeed('GET', '/_local/status');
  await customer.succeed('POST', '/_local/clock', {
    advanceTo: new Date(Date.parse(String(now)) + 61_000).toISOString(),
  });
}

const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'];

function isOutage(error: unknown): boolean {
  if (error instanceof Outage) return true;
  const { code, cause, $metadata: metadata } = Object(error);
  if (networkCodes.includes(code) || networkCodes.includes(Object(cause).code)) return true;
  return Object(metadata).httpStatusCode >= 500;
}
