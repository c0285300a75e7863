import { createHash } from 'node:crypto';
import { minuteMillis } from '../../shared/domain/time.ts';
import type { Customer } from '../mutation/customer.ts';
import type { Instance, MaestroServer } from './maestro-server.ts';

/** What becomes of a training; `forgets`: it succeeds and never completes its run; `hangs`: until somebody stops it. */
export type Fate = 'completes' | 'fails' | 'forgets' | 'hangs';

/** The same for the same run: of a hundred, 60 complete, 32 fail without a word, 5 forget, 3 hang. */
export function fateOf(runId: string): { readonly fate: Fate; readonly minutes: number } {
  const [first = 0, second = 0] = createHash('sha256').update(runId).digest();
  const share = (first * 100) / 256;
  const fate = share < 60 ? 'completes' : share < 92 ? 'fails' : share < 97 ? 'forgets' : 'hangs';
  return { fate, minutes: 15 + (second % 21) };
}

type Insist = <T>(work: (customer: Customer) => Promise<T>) => Promise<T>;

/** Everything that trains: what runs at the orchestrators, and a trainer that takes from the queue. */
export function createPipelines(insist: Insist, servers: readonly MaestroServer[]) {
  const taken = new Map<string, number>();
  const trained = new Set<string>();
  const received = new Map<string, number>();
  const completions = new Map<number, number>();

  async function complete(runId: string): Promise<void> {
    const body = { status: 'failed', error: 'the candidate does not beat the champion' };
    const { status } = await insist((customer) =>
      customer.call('POST', `/v1/runs/${runId}/completion`, body, { 'idempotency-key': `complete-${runId}` }),
    );
    completions.set(status, (completions.get(status) ?? 0) + 1);
  }

  async function endInstance(instance: Instance, now: number): Promise<void> {
    if (instance.endedAt !== undefined) return;
    const { fate, minutes } = fateOf(instance.runId);
    if (instance.stopAsked > 0) Object.assign(instance, { status: 'STOPPED', endedAt: now });
    if (instance.endedAt !== undefined || fate === 'hangs') return;
    if (now < instance.startedAt + minutes * minuteMillis) return;
    if (fate === 'completes') await complete(instance.runId);
    Object.assign(instance, { status: fate === 'fails' ? 'FAILED' : 'SUCCEEDED', endedAt: now });
  }

  /** Noted before it is taken off the queue: whatever dies in between, the request comes again and is known. */
  async function takeRequest(now: number): Promise<boolean> {
    return insist(async (customer) => {
      const message = await customer.receiveRequest();
      if (message === undefined) return false;
      const runId = String(message.request.runId);
      received.set(runId, (received.get(runId) ?? 0) + 1);
      if (!trained.has(runId)) taken.set(runId, taken.get(runId) ?? now);
      await message.done();
      return true;
    });
  }

  async function train(runId: string, startedAt: number, now: number): Promise<void> {
    const { fate, minutes } = fateOf(runId);
    if (fate === 'hangs' || now < startedAt + minutes * minuteMillis) return;
    await complete(runId);
    trained.add(runId);
    taken.delete(runId);
  }

  /** Trainings that have had their time end. */
  async function work(now: number): Promise<void> {
    while (await takeRequest(now));
    for (const [runId, startedAt] of taken) await train(runId, startedAt, now);
    for (const instance of servers.flatMap((server) => server.instances)) await endInstance(instance, now);
  }

  return { work, completions, received };
}
