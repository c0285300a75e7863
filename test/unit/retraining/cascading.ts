import { systemActor } from '../../../shared/domain/actor.ts';
import { createAdjacency } from '../../../shared/domain/graph/adjacency.ts';
import { projectCommits } from '../../../shared/domain/graph/project-commits.ts';
import { streamsOfModel } from '../../../shared/domain/graph/streams-of-model.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import { allModels } from '../../../shared/domain/registry/model-lists.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import type { CascadeState } from '../../../shared/domain/retraining/cascade/cascade.ts';
import { hourMillis, type Instant, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { type AdvanceDependencies, advanceCascades } from '../../../shared/use-cases/retraining/advance-cascades.ts';
import { loadCascade } from '../../../shared/use-cases/retraining/change-cascade.ts';
import { closeRetrain } from '../../../shared/use-cases/retraining/close-retrain.ts';
import { completeRun } from '../../../shared/use-cases/retraining/complete-run.ts';
import { dispatchRetrains } from '../../../shared/use-cases/retraining/dispatch-retrains.ts';
import { requestTraining } from '../../../shared/use-cases/retraining/request-training.ts';
import { loadRollout, planRolloutChange } from '../../../shared/use-cases/rollout/change-rollout.ts';
import { rejectCandidate } from '../../../shared/use-cases/rollout/give-up-rollout.ts';
import { openRollout } from '../../../shared/use-cases/rollout/open-rollout.ts';
import { promoteVersion } from '../../../shared/use-cases/rollout/promote-version.ts';
import { loads, validates } from '../rollout/flight-rollouts.ts';
import { day, lateBasic, policyWith } from './flight-models.ts';
import { addVersion, deploy, type World } from './memory-world.ts';

const actor = systemActor('test');
const limits = { overall: 50, perTeam: 50 };
const holdoutUri = 's3://artifacts/holdout.ndjson';

/** The promotion that cascades follow, and so many hours later. */
export function hours(after: number): Instant {
  return toInstant(toMillis(day(40)) + after * hourMillis);
}

export type Given = {
  readonly after?: readonly string[];
  readonly companionOf?: string;
  readonly policy?: Partial<Policy['retraining']>;
};

/** Deploys models by name, each after those that it names; rollouts promote right after validation. */
export async function deployAll(world: World, models: Readonly<Record<string, Given>>): Promise<void> {
  for (const [name, { after = [], companionOf, policy = {} }] of Object.entries(models))
    await deploy(world, {
      definition: { ...lateBasic, name, upstreamModels: [...after], ...(companionOf !== undefined && { companionOf }) },
      policy: policyWith(({ rollout, retraining }) => ({
        rollout: { ...rollout, steps: [100] },
        retraining: { ...retraining, ...policy },
      })),
    });
}

export async function graphOf({ events }: Pick<World, 'events'>) {
  const adjacency = createAdjacency();
  const { items } = await events.list<ModelState>(allModels, { limit: 1_000 });
  for (const stream of items.flatMap(({ state }) => streamsOfModel(state)))
    adjacency.replace(stream, projectCommits(undefined, await events.commits(stream, { afterVersion: 0, limit: 100 })));
  return adjacency;
}

/** As the function that advances cascades is wired. */
export function advancing(world: World): AdvanceDependencies {
  // A fresh look each time: what a crash test wraps is read through, too.
  return { events: world.events, graph: () => graphOf(world), stageFreezes: [], limits };
}

export function advance(world: World, now: Instant): Promise<unknown> {
  return advanceCascades(advancing(world), now).then(({ failures }) => {
    if (failures[0] !== undefined) throw failures[0].error;
  });
}

export async function cascade(world: World, cascadeId = 'late-basic-v2'): Promise<CascadeState> {
  return (await loadCascade(world.events, cascadeId)).state;
}

/** Status of each member by model. */
export async function progress(world: World, cascadeId?: string): Promise<Readonly<Record<string, string>>> {
  const { members } = await cascade(world, cascadeId);
  return Object.fromEntries(members.map(({ modelId, status }) => [modelId, status]));
}

/** A person's own candidate becomes the champion. */
export async function promote(world: World, modelId: string, now: Instant): Promise<void> {
  const candidate = await addVersion(world, { modelId });
  const rolloutId = await openRollout(world, { modelId, candidate, actor, reason: 'better', now });
  await pass(world, rolloutId, now);
}

/** Trains what is queued of the model and promotes it, or not. */
export async function endRetrain(
  world: World,
  modelId: string,
  result: 'promoted' | 'refused' | 'failed',
  now: Instant,
): Promise<void> {
  await dispatchRetrains({ ...world, limits }, now);
  const { openRetrain } = await world.model(modelId);
  if (openRetrain === undefined) throw new Error(`no retrain of ${modelId} is open`);
  const { retrainId } = openRetrain;
  const runId = `${retrainId}-a1`;
  await requestTraining(world, { retrainId, taskToken: retrainId, now });
  const completion =
    result === 'failed'
      ? ({ status: 'failed', error: 'no data' } as const)
      : ({
          status: 'succeeded',
          modelVersion: await addVersion(world, { modelId, trainingRun: runId }),
          holdout: { uri: holdoutUri, digest: world.put(holdoutUri, 'rows') },
        } as const);
  await completeRun(world, { runId, completion, actor, now });
  const closed = await closeRetrain(world.events, { retrainId, now });
  if (closed.rolloutId === null) return;
  if (result === 'promoted') await pass(world, closed.rolloutId, now);
  else await rejectCandidate(world, { rolloutId: closed.rolloutId, now });
}

async function pass(world: World, rolloutId: string, now: Instant): Promise<void> {
  const context = { actor, now, reason: 'given' };
  for (const command of [loads, validates]) {
    const head = await loadRollout(world.events, rolloutId);
    await world.events.append(planRolloutChange(rolloutId, head, [command], context).commits);
  }
  await promoteVersion(world, { rolloutId, now });
}
