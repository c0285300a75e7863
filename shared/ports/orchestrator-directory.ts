import type { Orchestrator } from './orchestrator.ts';

/** The orchestrators that the stage is connected with. */
export interface OrchestratorDirectory {
  /** Undefined when the stage has no such connection. */
  find(connection: string): Promise<Orchestrator | undefined>;
}
