import type { Tier } from '../../registry/schemas.ts';
import type { Instant } from '../../time.ts';
import type { CascadePlan, PlannedRetrain } from './cascade-plan.ts';

/** A planned retrain, and how far it has come. */
export type CascadeMember = PlannedRetrain & {
  /** Places in `members` of what it waits for; those that retrain, whatever stands between. */
  readonly after: readonly number[];
  readonly status: 'waiting' | 'requested' | 'promoted' | 'not-promoted' | 'skipped';
  /** Why it does not start although its turn has come; as last found. */
  readonly hold?: string;
  readonly retrainId?: string;
  readonly requestedAt?: Instant;
  readonly endedAt?: Instant;
  /** Why it was skipped, or not promoted. */
  readonly reason?: string;
};

/** A member as it is planned. */
export type MemberPlan = PlannedRetrain & Pick<CascadeMember, 'after'>;

/** The plan without its retrains, which are the members; lists of it may be cut. */
export type CascadeOutline = Omit<CascadePlan, 'retrains'> & { readonly truncated: boolean };

/** Why what had not started then never will. */
export type CascadeStop = {
  readonly kind: 'vetoed' | 'superseded';
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
};

/**
 * Head of the stream `cascade#<cascadeId>`: what follows a promotion. `opened` with the promotion, `running` once it is
 * planned, `ended` when no member waits and none is under way.
 */
export type CascadeState = {
  readonly cascadeId: string;
  readonly modelId: string;
  readonly team: string;
  readonly tier: Tier;
  readonly version: number;
  readonly rolloutId: string;
  readonly promotedAt: Instant;
  readonly status: 'opened' | 'running' | 'ended';
  readonly plan?: CascadeOutline;
  /** By wave, then by priority. */
  readonly members: readonly CascadeMember[];
  readonly stop?: CascadeStop;
  readonly endedAt?: Instant;
};

/** Model ids of those that a cascade will ask for: nobody else retrains them meanwhile. */
export function waitingMembers({ members }: CascadeState): readonly string[] {
  return members.filter(({ status }) => status === 'waiting').map(({ modelId }) => modelId);
}
