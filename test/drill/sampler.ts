import type { Customer } from '../mutation/customer.ts';
import type { Limits } from './oracle.ts';

type Running = { readonly retrainId: string; readonly team: string; readonly connection?: string };
type Insist = <T>(work: (customer: Customer) => Promise<T>) => Promise<T>;

const everyMilliseconds = 1_000;

/** Looks at what runs, over the API and over again, while other things happen. */
export function createSampler(insist: Insist, limits: Limits) {
  const violations: string[] = [];
  let samples = 0;
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const { items } = await insist((customer) =>
      customer.succeed('GET', '/v1/retraining-queue?status=running&limit=100'),
    );
    const running = items as readonly Running[];
    samples += 1;
    check('overall', running.length, limits.overall);
    for (const [team, of] of Map.groupBy(running, (one) => one.team)) check(team, of.length, limits.perTeam);
    for (const [name, of] of Map.groupBy(running, ({ connection = 'training-queue' }) => connection))
      check(name, of.length, limits.perOrchestrator[name] ?? 0);
  }

  function check(what: string, found: number, limit: number): void {
    if (found > limit) violations.push(`${found} ${what}, expected at most ${limit}`);
  }

  /** One look at a time; one that fails for good is a violation. */
  function begin(): void {
    let isLooking = false;
    timer = setInterval(() => {
      if (isLooking) return;
      isLooking = true;
      looking = look()
        .catch((error: unknown) => void violations.push(String(error)))
        .finally(() => {
          isLooking = false;
        });
    }, everyMilliseconds);
  }

  return {
    start: begin,
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
    result: () => ({ samples, violations }),
  };
}
