import type { ModelState } from '../../shared/domain/registry/model.ts';
import { defaultPolicy, type Policy } from '../../shared/domain/registry/policy.ts';
import type { Feature, TaskType } from '../../shared/domain/registry/schemas.ts';
import type { Instant } from '../../shared/domain/time.ts';

/** Files name no model. */
export const modelId = 'file';
export const version = 1;

const tier = 3;

/** A file has no team whose alert budget its tests could share: each takes the policy's significance. */
export const filePolicy: Policy = { ...defaultPolicy(tier), fleetControl: false };

export type FileModel = {
  readonly features: readonly Feature[];
  readonly taskType: TaskType;
  /** 0: outcomes are known at once. */
  readonly attributionWindowMinutes: number;
  readonly trainingDataEnd: Instant;
  readonly servedSince: Instant;
};

/** The model behind the files, under a policy. */
export function fileModelState(model: FileModel, policy: Policy): ModelState {
  const { features, taskType, attributionWindowMinutes, trainingDataEnd, servedSince } = model;
  return {
    modelId,
    definition: {
      name: modelId,
      description: '',
      domain: 'files',
      team: 'files',
      tier,
      taskType,
      features: [...features],
      attributionWindowMinutes,
      speedWindowMinutes: 60,
      upstreamModels: [],
      buckets: 1,
    },
    policy,
    policyVersion: 1,
    lifecycle: 'active',
    lifecycleSince: servedSince,
    registeredAt: servedSince,
    health: { status: 'unknown', since: servedSince },
    versionCount: 1,
    champion: { version, since: servedSince, trainingDataEnd },
    retrainCount: 0,
    rolloutCount: 0,
  };
}
