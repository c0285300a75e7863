/** Starts and answers workflow executions. */
export interface WorkflowEngine {
  /** Idempotent by `name`: a second start with the same name does nothing. */
  start(
    workflow: 'retrainModel' | 'rollOutVersion' | 'rebuildGraph' | 'importGraph' | 'joinGroundTruth',
    name: string,
    input: unknown,
  ): Promise<void>;
  stop(workflow: 'rollOutVersion', name: string, cause: string): Promise<void>;
  /** A token that is no longer waited for is not an error. */
  succeedTask(taskToken: string, output: unknown): Promise<void>;
  failTask(taskToken: string, error: string, cause: string): Promise<void>;
}
