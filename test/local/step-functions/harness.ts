import { DatabaseSync } from 'node:sqlite';
import { createStepFunctions } from '../../../local/step-functions/step-functions.ts';
import type { InvocationResult, ResolvedResource } from '../../../local/types.ts';

export const startOfTime = Date.parse('2001-01-22T06:00:00.000Z');

export function machine(
  name: string,
  definition: unknown,
  substitutions: Readonly<Record<string, string>> = {},
): ResolvedResource {
  return {
    logicalId: name,
    type: 'AWS::StepFunctions::StateMachine',
    physicalName: name,
    arn: `arn:aws:states:eu-west-1:000000000000:stateMachine:${name}`,
    properties: {
      RoleArn: 'role',
      DefinitionString: JSON.stringify(definition),
      DefinitionSubstitutions: substitutions,
    },
  };
}

/** A function gives its payload; what it throws is the failed invocation. */
export type FakeFunction = (event: unknown) => unknown;

export class FunctionFailure extends Error {
  readonly errorType: string;
  constructor(errorType: string, message = 'broken') {
    super(message);
    this.errorType = errorType;
  }
}

async function invoke(
  functions: Readonly<Record<string, FakeFunction>>,
  name: string,
  event: unknown,
): Promise<InvocationResult> {
  try {
    return { ok: true, payload: await functions[name]?.(event) };
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error;
    return { ok: false, errorType: error.errorType, errorMessage: error.message };
  }
}

export type World = {
  readonly functions?: Readonly<Record<string, FakeFunction>>;
  readonly path?: string;
  readonly now?: number;
  /** Versions and aliases. */
  readonly qualified?: readonly ResolvedResource[];
};

/** An engine on its own journal and a clock that only `advanceTo` moves. */
export function createWorld(machines: readonly ResolvedResource[], world: World = {}) {
  const db = new DatabaseSync(world.path ?? ':memory:');
  const journal = {
    db,
    transaction<T>(work: () => T): T {
      db.exec('BEGIN');
      const result = work();
      db.exec('COMMIT');
      return result;
    },
  };
  let now = world.now ?? startOfTime;
  const engine = createStepFunctions({
    journal,
    clock: { now: () => now },
    machines,
    guard: () => undefined,
    qualified: world.qualified ?? [],
    functions: { invoke: (name, event) => invoke(world.functions ?? {}, name, event) },
  });
  async function drain(): Promise<void> {
    while (await engine.pump());
  }
  async function advanceTo(target: number): Promise<void> {
    await drain();
    for (let wake = engine.nextWakeAt(); wake !== undefined && wake <= target; wake = engine.nextWakeAt()) {
      now = Math.max(now, wake);
      await drain();
    }
    now = target;
  }
  async function call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    return Object(await engine.handle(operation, input, 'test'));
  }
  async function start(name: string, input: unknown, execution = 'first'): Promise<string> {
    const { arn } = machine(name, {});
    const started = await call('StartExecution', {
      stateMachineArn: arn,
      name: execution,
      input: JSON.stringify(input),
    });
    return String(started.executionArn);
  }
  /** `{status, output | error, cause}` of an execution. */
  async function outcome(arn: string): Promise<Record<string, unknown>> {
    const { status, output, error, cause } = await call('DescribeExecution', { executionArn: arn });
    if (status === 'SUCCEEDED') return { status, output: JSON.parse(String(output)) };
    return { status, ...(error !== undefined && { error, cause }) };
  }
  return { engine, now: () => now, drain, advanceTo, call, start, outcome, close: () => db.close() };
}

/** Runs one machine to its end and gives what became of it. */
export async function runToEnd(
  definition: unknown,
  input: unknown,
  world: World = {},
): Promise<Record<string, unknown>> {
  const { start, outcome, advanceTo } = createWorld([machine('m', definition)], world);
  const arn = await start('m', input);
  await advanceTo(startOfTime + 80 * 86_400_000);
  return outcome(arn);
}
