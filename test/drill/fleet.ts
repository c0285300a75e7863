import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import type { ModelDefinition } from '../../shared/domain/registry/schemas.ts';
import type { EventStore } from '../../shared/ports/event-store.ts';
import { lateBasic, policyWith } from '../unit/retraining/flight-models.ts';
import { createWorld, deploy } from '../unit/retraining/memory-world.ts';

export type Place = {
  readonly outputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
};

export const teamCount = 30;
/** Hours after which a training that says nothing is given up. */
export const trainingTimeoutHours = 3;
const modelsAtOnce = 8;

/** The events table of a running cloud, read and written as a function does. */
export function eventsOf({ outputs, environment }: Place): { readonly events: EventStore; close(): void } {
  const client = new DynamoDBClient({
    region: environment.AWS_REGION ?? 'us-east-1',
    credentials: { accessKeyId: 'customer', secretAccessKey: 'local' },
    endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB ?? '',
  });
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const events = createDynamoEventStore({ client: documents, tableName: outputs.EventsTableName ?? '' });
  return { events, close: () => client.destroy() };
}

/** Six of ten models train by `maestro`, two by `flows`, two take the training queue; in all tiers, of thirty teams. */
export function definitionsOf(count: number): readonly ModelDefinition[] {
  return Array.from({ length: count }, (_, i) => {
    const team = `team-${String((i % teamCount) + 1).padStart(2, '0')}`;
    const connection = (['maestro', 'maestro', 'maestro', 'flows', 'queue'] as const)[Math.floor(i / 4) % 5]!;
    return {
      ...lateBasic,
      name: `drill-${String(i).padStart(4, '0')}`,
      team,
      tier: ([1, 2, 3, 4] as const)[(i + Math.floor(i / teamCount)) % 4]!,
      ...(connection !== 'queue' && { orchestrator: { connection, pipeline: `${team}-train` } }),
    };
  });
}

/** Registers and deploys them by the commands that the API gives, without its HTTP. */
export async function deployAll(place: Place, definitions: readonly ModelDefinition[]): Promise<void> {
  const { events, close } = eventsOf(place);
  const world = { ...createWorld(), events };
  const policy = policyWith(({ retraining }) => ({
    retraining: { ...retraining, onDrift: false, onPerformance: false, trainingTimeoutHours },
  }));
  const left = definitions.values();
  const worker = async () => {
    for (const definition of left) await deploy(world, { definition, policy });
  };
  await Promise.all(Array.from({ length: modelsAtOnce }, worker));
  close();
}
