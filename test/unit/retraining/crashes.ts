/** A process that dies: nothing it would have done next happens. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * The same ports, whose calls are counted; the process dies just before or just after call number `at` (from 0), and does
 * nothing any more afterwards.
 */
export function crashing<P extends object>(ports: P, at: number, when: 'before' | 'after'): P {
  let calls = 0;
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return async (...parameters: unknown[]) => {
          const call = calls;
          calls += 1;
          if (call > at || (call === at && when === 'before')) throw new Crash();
          const result: unknown = await Reflect.apply(member, target, parameters);
          if (call === at) throw new Crash();
          return result;
        };
      },
    });
  return new Proxy(ports, {
    get: (target, key) => {
      const port: unknown = Reflect.get(target, key);
      return typeof port === 'object' && port !== null ? wrap(port) : port;
    },
  });
}

/**
 * Runs the task in a fresh world once for every place at which it can crash, then again without a crash, as its caller
 * would, and hands the world to `check`. Gives the number of places.
 */
export async function crashEverywhere<W extends object>(
  given: () => Promise<W>,
  task: (world: W) => Promise<unknown>,
  check: (world: W) => Promise<void> | void,
): Promise<number> {
  for (let at = 0; ; at += 1) {
    let hasCrashed = false;
    for (const when of ['before', 'after'] as const) {
      const world = await given();
      try {
        await task(crashing(world, at, when));
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        hasCrashed = true;
      }
      await task(world);
      await check(world);
    }
    if (!hasCrashed) return at;
  }
}
