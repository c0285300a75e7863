import type { WorkflowEngine } from '../../ports/workflow-engine.ts';

export type TaskAnswer =
  | { readonly taskToken: string; readonly output: unknown }
  | { readonly taskToken: string; readonly error: string; readonly cause: string };

export interface MemoryWorkflowEngine extends WorkflowEngine {
  /** `retrainModel/<name>` → its input. */
  readonly executions: ReadonlyMap<string, unknown>;
  /** Names as in `executions`. */
  readonly stopped: ReadonlySet<string>;
  /** The first answer of each token, in order. */
  readonly answers: readonly TaskAnswer[];
}

/** Twin of Step Functions: remembers what it was told and runs nothing. */
export function createMemoryWorkflowEngine(): MemoryWorkflowEngine {
  const executions = new Map<string, unknown>();
  const stopped = new Set<string>();
  const answers: TaskAnswer[] = [];
  const answer = (given: TaskAnswer) => {
    if (!answers.some(({ taskToken }) => taskToken === given.taskToken)) answers.push(given);
  };
  return {
    executions,
    stopped,
    answers,
    start: async (workflow, name, input) => {
      const key = `${workflow}/${name}`;
      if (!executions.has(key)) executions.set(key, input);
    },
    stop: async (workflow, name) => {
      stopped.add(`${workflow}/${name}`);
    },
    succeedTask: async (taskToken, output) => answer({ taskToken, output }),
    failTask: async (taskToken, error, cause) => answer({ taskToken, error, cause }),
  };
}
