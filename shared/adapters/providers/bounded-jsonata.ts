import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import jsonata from 'jsonata';
import { RunwayError } from '../../domain/errors.ts';
import { personUri, teamUri } from '../../domain/graph/entities.ts';
import { formatEntityRef } from '../../domain/graph/entity-ref.ts';
import { isEntityType } from '../../domain/graph/entity-types.ts';

/** `bindings` are the variables of the expression. */
export type Evaluation = {
  readonly expression: string;
  readonly input: unknown;
  readonly bindings?: Readonly<Record<string, string>>;
};

export type BoundedJsonataLimits = {
  /** Of all evaluations asked for at once. @default 3,000 */
  readonly milliseconds?: number;
  /** Of the thread's heap. @default 96 */
  readonly megabytes?: number;
  /** Of calls within calls. @default 200 */
  readonly depth?: number;
};

/**
 * Evaluates JSONata that somebody else wrote. The language can compute anything, so it does so in a thread of its own, that
 * is ended when it takes too long or too much memory. Throws `MalformedRecord` (code `mapping-failed`) for whatever becomes
 * of it but a value.
 */
export type BoundedJsonata = {
  readonly evaluate: (evaluations: readonly Evaluation[]) => Promise<readonly unknown[]>;
  readonly close: () => Promise<void>;
};

type Answer = { readonly id: number; readonly values?: readonly unknown[]; readonly fault?: string };
type Question = { readonly id: number; readonly evaluations: readonly Evaluation[]; readonly depth: number };

const role = 'bounded-jsonata';
/** Values in a list. */
const maximumSequence = 200_000;
/** A thread reads this module before it can do anything, which on a busy machine takes longer than any mapping may. */
const startMilliseconds = 30_000;

export function createBoundedJsonata(limits: BoundedJsonataLimits = {}): BoundedJsonata {
  const { milliseconds = 3_000, megabytes = 96, depth = 200 } = limits;
  let worker: Promise<Worker> | undefined;
  let asked = 0;
  let last: Promise<unknown> = Promise.resolve();
  const end = async () => {
    const ended = worker;
    worker = undefined;
    await ended?.then(
      (each) => each.terminate(),
      () => undefined,
    );
  };
  const askOnce = async (evaluations: readonly Evaluation[]) => {
    worker ??= startWorker(megabytes);
    asked += 1;
    const question = { id: asked, evaluations, depth };
    try {
      return await answerOf(await worker, question, milliseconds);
    } catch (error) {
      if (!(error instanceof Refused)) await end();
      throw new RunwayError('MalformedRecord', 'mapping-failed', messageOf(error));
    }
  };
  return {
    // One after the other, so that each has the time to itself.
    evaluate: (evaluations) => {
      const next = last.then(() => askOnce(evaluations));
      last = next.catch(() => undefined);
      return next;
    },
    close: end,
  };
}

/** The expression is at fault, and the thread is well. */
class Refused extends Error {}

/** Resolves once the thread listens. */
async function startWorker(maxOldGenerationSizeMb: number): Promise<Worker> {
  const resourceLimits = { maxOldGenerationSizeMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };
  // This module itself: bundled or not, it is the one file that is sure to be there.
  const worker = new Worker(new URL(import.meta.url), { workerData: role, resourceLimits, stderr: true });
  try {
    await once(worker, 'message', { signal: AbortSignal.timeout(startMilliseconds) });
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  worker.unref();
  return worker;
}

function answerOf(worker: Worker, question: Question, milliseconds: number): Promise<readonly unknown[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>();
  const timer = setTimeout(() => reject(new Error(`the mapping took more than ${milliseconds} ms`)), milliseconds);
  const onMessage = ({ id, values, fault }: Answer) => {
    if (id !== question.id) return;
    if (values === undefined) reject(new Refused(fault));
    else resolve(values);
  };
  const onExit = () => reject(new Error('the mapping took too much memory'));
  worker.on('message', onMessage).on('error', reject).on('exit', onExit);
  try {
    worker.postMessage(question);
  } catch (error) {
    reject(error);
  }
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', onMessage).off('error', reject).off('exit', onExit);
  });
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}

const compiled = new Map<string, ReturnType<typeof jsonata>>();

async function evaluateHere({ expression, input, bindings }: Evaluation, depth: number): Promise<unknown> {
  const known = compiled.get(expression) ?? jsonata(expression, { stack: depth, sequence: maximumSequence });
  compiled.set(expression, known);
  known.registerFunction('uri', uriOf, '<ss(sn):s>');
  known.registerFunction('person', (id: string) => personUri(id), '<s:s>');
  known.registerFunction('team', (id: string) => teamUri(id), '<s:s>');
  const value: unknown = await known.evaluate(input, { ...bindings });
  // Sequences carry more than their elements, and functions cannot be sent.
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function uriOf(type: string, platform: string, id: string | number): string {
  if (!isEntityType(type)) throw new Error(`no entity type ${JSON.stringify(type)}`);
  return formatEntityRef({ type, platform, id: String(id) });
}

if (!isMainThread && workerData === role) {
  parentPort?.on('message', async ({ id, evaluations, depth }: Question) => {
    try {
      const values: unknown[] = [];
      for (const evaluation of evaluations) values.push(await evaluateHere(evaluation, depth));
      parentPort?.postMessage({ id, values } satisfies Answer);
    } catch (error) {
      parentPort?.postMessage({ id, fault: messageOf(error) } satisfies Answer);
    }
  });
  // Whoever waits for the first message knows that the next will be read.
  parentPort?.postMessage({ id: 0 } satisfies Answer);
}
