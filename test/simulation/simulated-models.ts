import { createHash } from 'node:crypto';
import { systemActor } from '../../shared/domain/actor.ts';
import { isRunwayError } from '../../shared/domain/errors.ts';
import { decideModel } from '../../shared/domain/registry/decide-model.ts';
import { evolveModel } from '../../shared/domain/registry/evolve-model.ts';
import type { ModelState, ModelVersion } from '../../shared/domain/registry/model.ts';
import type { ModelCommand } from '../../shared/domain/registry/model-events.ts';
import { modelLists } from '../../shared/domain/registry/model-lists.ts';
import { modelStream } from '../../shared/domain/stream-ids.ts';
import type { EventStore, NewCommit } from '../../shared/ports/event-store.ts';
import { planVersion } from '../../shared/use-cases/registry/change-version.ts';
import { lateBasic, policyWith, registeredAt } from '../unit/retraining/flight-models.ts';

export { registeredAt };

const content = '{"rows":1}';
export const holdout = {
  uri: 's3://artifacts/holdout.ndjson',
  digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
  content,
};
const context = { actor: systemActor('test'), now: registeredAt, reason: 'given' };
const policy = policyWith(({ retraining }) => ({ retraining: { ...retraining, trainingTimeoutHours: 3 } }));

/** Five models of two teams, each with a champion; three are trained by pipelines, two from the queue. Gives their names. */
export async function givenModels(events: EventStore, connection: string): Promise<readonly string[]> {
  const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
  for (const [index, name] of names.entries()) {
    const definition = {
      ...lateBasic,
      name,
      team: index % 2 === 0 ? 'punctuality' : 'fares',
      ...(index < 3 && { orchestrator: { connection, pipeline: 'train' } }),
    };
    const commands: readonly ModelCommand[] = [
      { type: 'RegisterModel', definition, policy },
      { type: 'AddVersion' },
      { type: 'DeployChampion', version: 1, trainingDataEnd: registeredAt },
    ];
    await events.append([commitOf(name, undefined, commands), planVersion(versionOf(name, 1, 'by-hand'), context)]);
  }
  return names;
}

/** Registers what a run has trained; the same number when it has before. */
export async function trainVersion(events: EventStore, runId: string): Promise<number> {
  const name = runId.replace(/-r\d+-a1$/, '');
  for (;;) {
    const head = await events.head<ModelState>(modelStream(name));
    const version = head!.state.versionCount + 1;
    try {
      await events.append([
        commitOf(name, head, [{ type: 'AddVersion' }]),
        planVersion(versionOf(name, version, runId), context),
      ]);
      return version;
    } catch (error) {
      if (!isRunwayError(error) || error.name !== 'VersionConflict') throw error;
    }
  }
}

function commitOf(
  name: string,
  head: { readonly version: number; readonly state: ModelState } | undefined,
  commands: readonly ModelCommand[],
): NewCommit {
  let state = head?.state;
  const events = commands.flatMap((command) => {
    const decided = decideModel(command, state, registeredAt);
    for (const event of decided) state = evolveModel(state, event, registeredAt);
    return decided;
  });
  const stream = { streamId: modelStream(name), expectedVersion: head?.version ?? 0, lists: modelLists(state!) };
  return { ...stream, events, state, actor: context.actor, reason: 'given', occurredAt: registeredAt };
}

function versionOf(modelId: string, version: number, trainingRun: string): ModelVersion {
  return {
    modelId,
    artifactUri: 's3://artifacts/model.json',
    artifactDigest: holdout.digest,
    environmentLockDigest: `sha256:${'0'.repeat(64)}`,
    trainingRun,
    datasetVersions: [{ dataset: 'flights', version: '2001-01' }],
    trainingDataEnd: registeredAt,
    codeLink: `https://example.org/${modelId}`,
    offlineMetrics: {},
    referenceWindow: { uri: 's3://artifacts/model.json', from: registeredAt, to: registeredAt },
    features: lateBasic.features,
    version,
    status: version === 1 ? 'champion' : 'registered',
    registeredAt,
  };
}
