import { systemActor } from '../../domain/actor.ts';
import { isRunwayError } from '../../domain/errors.ts';
import type { ModelVersion } from '../../domain/registry/model.ts';
import { embeddingProblems } from '../../domain/rollout/embedding-problems.ts';
import { loadProbeProgress, loadProbesOf, untoldProbes } from '../../domain/rollout/load-probes.ts';
import type { RolloutState, Verdict } from '../../domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../domain/rollout/rollout-events.ts';
import { schemaProblems } from '../../domain/rollout/schema-problems.ts';
import type { Instant } from '../../domain/time.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { LoadProber } from '../../ports/load-prober.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadVersion } from '../registry/change-version.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { changeRollout, loadRollout, planRolloutChange } from './change-rollout.ts';

export type RolloutTask = { readonly rolloutId: string; readonly now: Instant };
/** SHA-256 of no bytes: an artefact may be too large to read only to see that it is not empty. */
const digestOfNothing = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** `waiting`: consuming services have been asked; look again after so many seconds. */
export type Loadability =
  | { readonly verdict: Verdict; readonly reason: string; readonly waitSeconds: 0 }
  | { readonly verdict: 'waiting'; readonly reason: string; readonly waitSeconds: number };

type Dependencies = { readonly events: EventStore; readonly artifacts: ArtifactStore; readonly prober: LoadProber };

/**
 * Whether the candidate can take the champion's place at its consumers: the artefact is there and is the registered one,
 * takes the features that are sent, gives vectors in the space they are used in, and every service that wants to be asked
 * says that it loads. Those are asked by the events of one append, which the relay publishes however often this dies.
 */
export async function checkLoadability(dependencies: Dependencies, task: RolloutTask): Promise<Loadability> {
  const loadability = await decideLoadability(dependencies, task);
  if (loadability.verdict === 'waiting') await tellServices(dependencies, task);
  return loadability;
}

function decideLoadability(
  { events, artifacts }: Omit<Dependencies, 'prober'>,
  { rolloutId, now }: RolloutTask,
): Promise<Loadability> {
  return withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const { loadability, loadProbes } = head.state;
    if (loadability !== undefined)
      return { verdict: loadability.verdict, reason: loadability.reason, waitSeconds: 0 as const };
    const next = loadProbes
      ? afterAsking(loadProbeProgress(loadProbes, now), loadProbes.length)
      : await beforeAsking({ events, artifacts }, head.state, now);
    if (next.command !== undefined) await change(events, head, next.command, { reason: next.answer.reason, now });
    return next.answer;
  });
}

/** Services with an address are told after the request is recorded; one that has taken it is not told again. */
async function tellServices({ events, prober }: Dependencies, { rolloutId, now }: RolloutTask): Promise<void> {
  const untold = untoldProbes((await loadRollout(events, rolloutId)).state.loadProbes ?? []);
  const taken = await Promise.all(untold.map((probe) => prober.ask(probe)));
  for (const { probeId } of untold.filter((_, index) => taken[index])) {
    const context = { actor: systemActor('rollout'), now, reason: 'the service has taken its probe' };
    await changeRollout(events, rolloutId, { type: 'RecordProbeTaken', probeId }, context);
  }
}

/** What is recorded, if anything, and what the workflow hears. */
type Step = { readonly command?: RolloutCommand; readonly answer: Loadability };

async function beforeAsking(
  { events, artifacts }: Omit<Dependencies, 'prober'>,
  rollout: RolloutState,
  now: Instant,
): Promise<Step> {
  const { modelId, champion, candidate } = rollout;
  const { definition, consumers = [] } = (await loadModel(events, modelId)).state;
  const older = (await loadVersion(events, modelId, champion)).state;
  const newer = (await loadVersion(events, modelId, candidate)).state;
  const problems = [
    ...(await artifactProblems(artifacts, newer)),
    ...schemaProblems(definition.features, older.features, newer.features),
    ...embeddingProblems(consumers, older.embeddings, newer.embeddings),
  ];
  const probes = loadProbesOf(rollout, consumers, newer, now);
  if (problems.length > 0 || probes.length === 0)
    return decided(problems, 'the artefact has the registered digest and takes the features that are sent');
  const progress = loadProbeProgress(probes, now);
  const asked = afterAsking(progress, probes.length);
  return { ...asked, command: { type: 'RequestLoadProbes', probes } };
}

function afterAsking(progress: ReturnType<typeof loadProbeProgress>, asked: number): Step {
  if ('problems' in progress) return decided(progress.problems, `all ${asked} consuming services load the candidate`);
  const reason = `waits for ${asked} consuming services to say whether they load the candidate`;
  return { answer: { verdict: 'waiting', reason, waitSeconds: progress.waitSeconds } };
}

function decided(problems: readonly string[], wellDone: string): Step {
  const reason = problems.length === 0 ? wellDone : problems.join('; ');
  const verdict: Verdict = problems.length === 0 ? 'pass' : 'fail';
  return { command: { type: 'RecordLoadability', verdict, reason }, answer: { verdict, reason, waitSeconds: 0 } };
}

async function change(
  events: EventStore,
  head: Head<RolloutState>,
  command: RolloutCommand,
  { reason, now }: { readonly reason: string; readonly now: Instant },
): Promise<void> {
  const context = { actor: systemActor('rollout'), now, reason };
  await events.append(planRolloutChange(head.state.rolloutId, head, [command], context).commits);
}

async function artifactProblems(
  artifacts: ArtifactStore,
  { artifactUri, artifactDigest }: ModelVersion,
): Promise<readonly string[]> {
  try {
    const digest = await artifacts.digest(artifactUri);
    if (digest !== artifactDigest) return [`the artefact has digest ${digest}, registered is ${artifactDigest}`];
    return digest === digestOfNothing ? ['the artefact is empty'] : [];
  } catch (error) {
    if (isRunwayError(error) && error.name === 'ArtifactUnusable') return [error.message];
    throw error;
  }
}
