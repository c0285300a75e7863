import { gzipSync } from 'node:zlib';
import { createMemoryArtifactStore } from '../../../shared/adapters/memory/memory-artifact-store.ts';
import { createMemoryBaselineQueue } from '../../../shared/adapters/memory/memory-baseline-queue.ts';
import { createMemoryBaselineStore } from '../../../shared/adapters/memory/memory-baseline-store.ts';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryRoutingPublisher } from '../../../shared/adapters/memory/memory-routing-publisher.ts';
import { createMemoryWorkflowEngine } from '../../../shared/adapters/memory/memory-workflow-engine.ts';
import { createReferenceFiles } from '../../../shared/adapters/tables/reference-files.ts';
import { type VersionDefinition, versionDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { registerModel } from '../../../shared/use-cases/registry/register-model.ts';
import { registerVersion } from '../../../shared/use-cases/registry/register-version.ts';
import { definition } from './model-story.ts';

export const ada = { id: 'ada', kind: 'person', roles: ['editor:flights'], teams: ['flights'] } as const;
export const now = '2001-01-22T06:00:00.000Z';
export const later = '2001-01-22T07:00:00.000Z';

export type World = Awaited<ReturnType<typeof createWorld>>;

/** Every port in memory, with the model `late-basic` registered. */
export async function createWorld() {
  const artifacts = createMemoryArtifactStore();
  const ports = {
    events: createMemoryEventStore(),
    artifacts,
    files: createReferenceFiles(artifacts),
    queue: createMemoryBaselineQueue(),
    baselines: createMemoryBaselineStore(),
    routing: createMemoryRoutingPublisher(),
    workflows: createMemoryWorkflowEngine(),
  };
  await registerModel(ports.events, { definition, actor: ada, now });
  return ports;
}

export const referenceRows = Array.from({ length: 200 }, (_, n) => ({
  features: { hour: `${n % 24}`, distance: 100 + n },
  score: (n % 10) / 10,
  label: n % 4 === 0 ? 1 : 0,
}));

export function ndjson(rows: readonly unknown[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

/** Puts what a training run made where `POST …/versions` looks for it, and gives the body of that request. */
export async function trained(
  { artifacts }: Pick<World, 'artifacts'>,
  trainingRun: string,
  change: { readonly weights?: string; readonly reference?: string | Uint8Array } = {},
): Promise<VersionDefinition> {
  const at = (file: string) => `s3://artifacts/${trainingRun}/${file}`;
  await artifacts.put(at('model.json'), change.weights ?? `weights of ${trainingRun}`);
  await artifacts.put(at('reference.ndjson.gz'), change.reference ?? gzipSync(ndjson(referenceRows)));
  return versionDefinitionSchema.parse({
    artifactUri: at('model.json'),
    artifactDigest: await artifacts.digest(at('model.json')),
    environmentLockDigest: `sha256:${'0'.repeat(64)}`,
    trainingRun,
    datasetVersions: [{ dataset: 'flights', version: '2001-01' }],
    trainingDataStart: '2001-01-01T05:00:00Z',
    trainingDataEnd: '2001-01-21T23:59:00Z',
    codeLink: 'https://example.org/flights/train',
    referenceWindow: { uri: at('reference.ndjson.gz'), from: '2001-01-01T05:00:00Z', to: '2001-01-22T00:00:00Z' },
  });
}

/** Registers what a run made as the next version of `late-basic`. */
export async function addVersion(world: World, trainingRun: string) {
  return registerVersion(world, {
    modelId: 'late-basic',
    definition: await trained(world, trainingRun),
    actor: ada,
    now,
  });
}
