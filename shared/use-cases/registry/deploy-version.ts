import type { Actor } from '../../domain/actor.ts';
import type { ModelState, ModelVersion } from '../../domain/registry/model.ts';
import type { Holdout } from '../../domain/retraining/retrain.ts';
import type { Instant } from '../../domain/time.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { RoutingPublisher } from '../../ports/routing-publisher.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { openRollout, startRolloutWorkflow } from '../rollout/open-rollout.ts';
import { publishRouting } from '../rollout/publish-routing.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { expectMatch, loadModel, planModelChange } from './change-model.ts';
import { expectBaseline, loadVersion, planVersionStatus } from './change-version.ts';
import { expectDigest } from './expect-digest.ts';

export type DeployPorts = {
  readonly events: EventStore;
  readonly artifacts: ArtifactStore;
  readonly routing: RoutingPublisher;
  readonly workflows: WorkflowEngine;
};
export type DeployRequest = {
  readonly modelId: string;
  readonly version: number;
  readonly actor: Actor;
  readonly reason: string;
  readonly now: Instant;
  readonly holdout?: Holdout | undefined;
  readonly ifMatch?: number | undefined;
};
export type Deployment = { readonly result: 'champion' } | { readonly result: 'rollout'; readonly rolloutId: string };

/**
 * Makes the first version champion at once; a later one has to pass a rollout against the champion. Called again, it
 * finishes what was begun: the routing is published, or the open rollout's workflow started, once more. Throws
 * `NotFound`, `ArtifactUnusable`, `PreconditionFailed` and `IllegalTransition`.
 */
export async function deployVersion(ports: DeployPorts, request: DeployRequest): Promise<Deployment> {
  const { events } = ports;
  const { modelId, version, actor, reason, now, holdout, ifMatch } = request;
  const model = await loadModel(events, modelId);
  const candidate = await loadVersion(events, modelId, version);
  const begun = begunDeployment(model.state, version);
  if (begun === undefined) {
    expectMatch(model, ifMatch);
    expectBaseline('DeployVersion', candidate.state);
  }
  if (begun?.result === 'rollout') {
    await startRolloutWorkflow(ports, { rolloutId: begun.rolloutId, modelId });
    return begun;
  }
  if (model.state.champion !== undefined && begun === undefined) {
    const rolloutId = await openRollout(ports, {
      modelId,
      candidate: version,
      actor,
      reason,
      now,
      ...(holdout && { holdout }),
    });
    return { result: 'rollout', rolloutId };
  }
  if (begun === undefined) await deployChampion(ports, request, candidate);
  await publishRouting(ports, modelId);
  return { result: 'champion' };
}

function begunDeployment({ champion, openRollout: open }: ModelState, version: number): Deployment | undefined {
  if (champion?.version === version) return { result: 'champion' };
  return open?.candidate === version ? { result: 'rollout', rolloutId: open.rolloutId } : undefined;
}

async function deployChampion(
  { events, artifacts }: DeployPorts,
  request: DeployRequest,
  { state }: Head<ModelVersion>,
): Promise<void> {
  const { modelId, version } = request;
  const { artifactUri, artifactDigest, trainingDataEnd } = state;
  await expectDigest(artifacts, artifactUri, artifactDigest);
  await withRetryOnConflict(async () => {
    const model = await loadModel(events, modelId);
    expectMatch(model, request.ifMatch);
    const { commit } = planModelChange(model, [{ type: 'DeployChampion', version, trainingDataEnd }], request);
    const status = planVersionStatus(await loadVersion(events, modelId, version), 'champion', request);
    await events.append(commit === undefined ? status : [commit, ...status]);
  });
}
