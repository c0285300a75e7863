import { isRunwayError } from '../../shared/domain/errors.ts';
import type { Process, Scheduler } from './scheduler.ts';
import { TaskFailure } from './simulated-workflow.ts';

const deathRate = 0.004;
const functionSeconds = 60;

/** Functions as the platform runs them: they take turns at every call, die at any, and are ended after their time. */
export function createProcesses(scheduler: Scheduler, onBug: (error: unknown) => void) {
  /** The same ports, on which each call is a turn before and a turn after it. */
  function takingTurns<P extends object>(ports: P, process: Process): P {
    const wrap = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          return async (...parameters: unknown[]) => {
            await scheduler.turn(process);
            const outcome = await Promise.resolve(Reflect.apply(member, target, parameters)).then(
              (value: unknown) => ({ ok: true as const, value }),
              (error: unknown) => ({ ok: false as const, error }),
            );
            await scheduler.turn(process);
            if (!outcome.ok) throw outcome.error;
            return outcome.value;
          };
        },
      });
    return new Proxy(ports, {
      get: (target, key) => {
        const port: unknown = Reflect.get(target, key);
        return typeof port === 'object' && port !== null && key !== 'limits' ? wrap(port) : port;
      },
    });
  }

  /** One invocation; throws `TaskFailure` as whoever called it would see its end. */
  function invoke<P extends object, T>(ports: P, run: (ports: P) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (error: string, cause = '') => reject(new TaskFailure(error, cause));
      const process: Process = { isDead: false, deathRate, onDeath: (error) => fail(error) };
      scheduler.later(functionSeconds, () => {
        if (process.isDead) return;
        process.isDead = true;
        fail('Sandbox.Timedout');
      });
      void scheduler.turn(process).then(async () => {
        try {
          const result = await run(takingTurns(ports, process));
          process.isDead = true;
          resolve(result);
        } catch (error) {
          process.isDead = true;
          if (isRunwayError(error)) return fail(error.name, error.message);
          onBug(error);
          fail('Error', String(error));
        }
      });
    });
  }

  return {
    invoke,
    /** Tried again, as SQS, the scheduler or a client does, until it comes through or gives up. */
    async insist<P extends object, T>(
      ports: P,
      run: (ports: P) => Promise<T>,
      {
        times,
        seconds,
        stopsAt = () => false,
      }: {
        readonly times: number;
        readonly seconds: number;
        readonly stopsAt?: (failure: TaskFailure) => boolean;
      },
    ): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: TaskFailure }> {
      for (let left = times; ; left -= 1) {
        try {
          return { ok: true, value: await invoke(ports, run) };
        } catch (failure) {
          if (!(failure instanceof TaskFailure)) throw failure;
          if (left <= 1 || stopsAt(failure)) return { ok: false, failure };
          await scheduler.sleep(seconds * scheduler.between(0.5, 1.5));
        }
      }
    },
  };
}
