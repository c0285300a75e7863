import type { Tier } from '../../registry/schemas.ts';
import type { Instant } from '../../time.ts';
import type { CascadeOutline, CascadeStop, MemberPlan } from './cascade.ts';

type Of<T extends string, D = object> = {
  readonly type: T;
  readonly schemaVersion: 1;
  readonly cascadeId: string;
} & Readonly<D>;

type Promotion = {
  readonly modelId: string;
  readonly team: string;
  readonly tier: Tier;
  readonly version: number;
  readonly rolloutId: string;
};

export type CascadeEvent =
  /** Again when the same version is promoted by another rollout: the cascade begins anew. */
  | Of<'CascadeOpened', Promotion & { promotedAt: Instant }>
  | Of<'CascadePlanned', { plan: CascadeOutline; members: readonly MemberPlan[] }>
  | Of<'CascadeRetrainRequested', { modelId: string; retrainId: string; requestedAt: Instant }>
  /** Its turn has come, and something that passes keeps it waiting. */
  | Of<'CascadeRetrainHeld', { modelId: string; reason: string }>
  | Of<'CascadeRetrainSkipped', { modelId: string; reason: string; endedAt: Instant }>
  | Of<
      'CascadeRetrainEnded',
      { modelId: string; result: 'promoted' | 'not-promoted'; reason?: string; endedAt: Instant }
    >
  /** What had not started is skipped; what had goes on. */
  | Of<'CascadeStopped', { stop: CascadeStop }>
  | Of<'CascadeEnded', { endedAt: Instant }>;

export type CascadeCommand =
  | ({ readonly type: 'OpenCascade'; readonly cascadeId: string } & Promotion)
  | { readonly type: 'PlanCascade'; readonly plan: CascadeOutline; readonly members: readonly MemberPlan[] }
  | { readonly type: 'RequestMember'; readonly modelId: string; readonly retrainId: string }
  | { readonly type: 'HoldMember'; readonly modelId: string; readonly reason: string }
  | { readonly type: 'SkipMember'; readonly modelId: string; readonly reason: string }
  | {
      readonly type: 'EndMember';
      readonly modelId: string;
      readonly result: 'promoted' | 'not-promoted';
      readonly reason?: string;
      readonly endedAt: Instant;
    }
  | { readonly type: 'StopCascade'; readonly kind: CascadeStop['kind']; readonly by: string; readonly reason: string };
