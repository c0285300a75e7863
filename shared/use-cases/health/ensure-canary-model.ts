import { createHash } from 'node:crypto';
import { systemActor } from '../../domain/actor.ts';
import { canaryReference } from '../../domain/health/detection-canary/canary-rows.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { Policy } from '../../domain/registry/policy.ts';
import { modelDefinitionSchema } from '../../domain/registry/schemas.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import { dayMillis, type Instant, toInstant, toMillis } from '../../domain/time.ts';
import type { ArtifactWriter } from '../../ports/artifact-writer.ts';
import { changePolicy } from '../registry/change-policy.ts';
import { type DeployPorts, deployVersion } from '../registry/deploy-version.ts';
import { registerModel } from '../registry/register-model.ts';
import { type RegisterVersionPorts, registerVersion } from '../registry/register-version.ts';

export type CanaryModelPorts = RegisterVersionPorts & DeployPorts & { readonly writer: ArtifactWriter };

const actor = systemActor('detection-canary');
/** As many as the verdicts need to know how days vary, and more. */
const referenceDays = 14;

/**
 * A model of the canary tenant that serves, registered and deployed by what registers and deploys everybody's when it is
 * not there yet. Whatever a crash left half done is finished.
 */
export async function ensureCanaryModel(ports: CanaryModelPorts, modelId: string, now: Instant): Promise<ModelState> {
  const { events } = ports;
  const known = (await events.head<ModelState>(modelStream(modelId)))?.state;
  if (known?.champion !== undefined) return known;
  const model = known ?? (await registerModel(events, { definition: definitionOf(modelId), actor, now }));
  const policy = policyOf(model.policy);
  if (model.policyVersion === 1) await changePolicy(events, { modelId, policy, actor, now });
  const { version } = await registerVersion(ports, { modelId, definition: await versionOf(ports, now), actor, now });
  await deployVersion(ports, { modelId, version: version.version, actor, reason: 'detection canary', now });
  return (await events.head<ModelState>(modelStream(modelId)))!.state;
}

function definitionOf(modelId: string) {
  return modelDefinitionSchema.parse({
    name: modelId,
    description: 'Serves nobody: drift is injected into it to measure how fast and how surely drift is noticed',
    domain: 'operations',
    team: 'runway-canary',
    tier: 1,
    taskType: 'binary',
    features: [
      { name: 'amount', type: 'numeric' },
      { name: 'channel', type: 'categorical' },
    ],
  });
}

/** What is noticed is to be drift, of a model without outcomes, and nothing is to be done about it. */
function policyOf(policy: Policy): Policy {
  const { signals, retraining } = policy;
  const never = 3_650;
  return {
    ...policy,
    signals: {
      ...signals,
      age: { ...signals.age, weight: 0, warningDays: never, breachDays: never },
      performance: { ...signals.performance, weight: 0 },
      conceptDrift: { ...signals.conceptDrift, weight: 0 },
    },
    retraining: { ...retraining, onPerformance: false, onDrift: false, backstopDays: never },
  };
}

/** From the first hour of its day, so that a call that is repeated the same day registers the same version. */
async function versionOf({ writer }: CanaryModelPorts, now: Instant) {
  const to = toInstant(Math.floor(toMillis(now) / dayMillis) * dayMillis);
  const from = toInstant(toMillis(to) - referenceDays * dayMillis);
  const artifact = 'no model: the scores come with the predictions';
  const digest = `sha256:${createHash('sha256').update(artifact).digest('hex')}`;
  return {
    artifactUri: await writer.write('detection-canary/artifact.txt', artifact),
    artifactDigest: digest,
    environmentLockDigest: digest,
    trainingRun: `detection-canary-${to.slice(0, 10)}`,
    datasetVersions: [{ dataset: 'detection-canary', version: to.slice(0, 10) }],
    trainingDataEnd: from,
    codeLink: 'https://detection-canary.invalid',
    offlineMetrics: {},
    referenceWindow: {
      uri: await writer.write(`detection-canary/reference-${to.slice(0, 10)}.ndjson`, canaryReference(from, to)),
      from,
      to,
    },
  };
}
