import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Orchestrator } from '../../ports/orchestrator.ts';
import type { OrchestratorDirectory } from '../../ports/orchestrator-directory.ts';
import type { Secret } from '../../ports/secret.ts';
import type { Connection, Connections } from './connection.ts';
import { createMaestroOrchestrator } from './maestro-orchestrator.ts';
import { createMetaflowArgoOrchestrator } from './metaflow-argo-orchestrator.ts';
import { createSageMakerOrchestrator } from './sagemaker-orchestrator.ts';
import { createStepFunctionsOrchestrator } from './step-functions-orchestrator.ts';

export type ConnectOptions = {
  readonly connections: Connections;
  readonly stepFunctions: SFNClient;
  readonly secret: (arn: string) => Secret;
  /** What every stage has, by name. */
  readonly builtIn?: Readonly<Record<string, Orchestrator>>;
};

/** The orchestrators of a stage. */
export function connectOrchestrators({ connections, builtIn = {}, ...clients }: ConnectOptions): OrchestratorDirectory {
  const known = new Map(Object.entries(builtIn));
  for (const [name, connection] of Object.entries(connections)) known.set(name, connect(connection, clients));
  return { find: async (name) => known.get(name) };
}

type Clients = Pick<ConnectOptions, 'stepFunctions' | 'secret'>;

function connect(connection: Connection, { stepFunctions: client, secret }: Clients): Orchestrator {
  const secretOf = (arn: string | undefined) => (arn === undefined ? undefined : secret(arn));
  switch (connection.kind) {
    case 'maestro':
      return createMaestroOrchestrator({ ...connection, secret: secretOf(connection.secretArn) });
    case 'metaflow-argo': {
      const { eventUrl, metadataUrl, secretArn, metadataSecretArn } = connection;
      const metadataSecret = secretOf(metadataSecretArn);
      return createMetaflowArgoOrchestrator({ eventUrl, metadataUrl, secret: secretOf(secretArn), metadataSecret });
    }
    case 'metaflow-step-functions':
      return createStepFunctionsOrchestrator({ client, stateMachines: connection.stateMachineArns, input: 'metaflow' });
    case 'step-functions':
      return createStepFunctionsOrchestrator({ client, stateMachines: connection.stateMachineArns });
    case 'sagemaker-pipelines':
      return createSageMakerOrchestrator({ pipelines: connection.pipelineArns });
  }
}
