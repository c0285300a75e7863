import type { Clock, Functions, Guard, JsonService, ResolvedResource, WorkSource } from '../types.ts';
import { createApi } from './api.ts';
import { loadMachine } from './definition.ts';
import { createInterpreter } from './interpreter.ts';
import { createExecutionStore, type Execution, type ExecutionStore, type Journal, wakeAt } from './store.ts';

/** As many executions as this run at a time; each goes through its own states in sequence. */
const maximumConcurrency = 50;

export type StepFunctionsOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  /** `AWS::StepFunctions::StateMachine` resources. */
  readonly machines: readonly ResolvedResource[];
  /** `AWS::StepFunctions::StateMachineVersion` and `…Alias` resources. @default none */
  readonly qualified?: readonly ResolvedResource[];
  readonly functions: Functions;
  /** Asked for what a machine's role does in its tasks. */
  readonly guard: Guard;
  /** Told when an execution ends, with its machine's ARN. @default nobody is */
  readonly onExecutionEnd?: (machineArn: string, status: Exclude<Execution['status'], 'RUNNING'>) => void;
};

/**
 * Standard workflows in JSONPath, kept in the journal after every step. Throws at load, naming machine, state and field,
 * when a definition holds what is not supported.
 */
export function createStepFunctions(options: StepFunctionsOptions): WorkSource & JsonService {
  const { journal, clock } = options;
  const machines = new Map(options.machines.map((machine) => [machine.arn, loadMachine(machine)]));
  const store = tellOfEnds(createExecutionStore(journal), options.onExecutionEnd ?? (() => undefined));
  const published = new Set(options.qualified?.map((resource) => resource.arn));
  const api = createApi(store, clock, { machines, published }, (execution) => {
    const started = { type: 'ExecutionStarted', details: { input: execution.input } };
    interpreter.enter(execution, execution.state, execution.input, started);
  });
  const interpreter = createInterpreter(store, clock, machines, { ...options, startExecution: api.startExecution });
  const running = new Set<string>();
  const isDue = (execution: Execution) => (wakeAt(execution) ?? Number.POSITIVE_INFINITY) <= clock.now();

  async function runOn(arn: string): Promise<void> {
    running.add(arn);
    try {
      for (let execution = store.get(arn); execution && isDue(execution); )
        execution = await interpreter.advance(execution);
    } finally {
      running.delete(arn);
    }
  }

  async function pump(): Promise<boolean> {
    const queue = store.due(clock.now()).filter((arn) => !running.has(arn));
    const found = queue.length > 0;
    const work = async () => {
      for (let arn = queue.shift(); arn !== undefined; arn = queue.shift()) await runOn(arn);
    };
    const ends = await Promise.allSettled(Array.from({ length: Math.min(maximumConcurrency, queue.length) }, work));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return found;
  }

  return {
    name: 'step-functions',
    targetPrefix: 'AWSStepFunctions',
    pump,
    nextWakeAt: store.nextWakeAt,
    handle: api.handle,
  };
}

function tellOfEnds(store: ExecutionStore, onEnd: NonNullable<StepFunctionsOptions['onExecutionEnd']>): ExecutionStore {
  return {
    ...store,
    save(execution, at, events) {
      const saved = store.save(execution, at, events);
      const { phase, status, machineArn } = execution;
      if (phase.kind === 'ended' && status !== 'RUNNING') onEnd(machineArn, status);
      return saved;
    },
  };
}
