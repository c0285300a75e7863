import type { EntityUri } from '../graph/entity-ref.ts';

export const dependencyChanges = ['schema-change', 'deprecation'] as const;

/** What happened to something that a model depends on. */
export type DependencyChange = {
  /** The same when it is told again. */
  readonly changeId: string;
  readonly uri: EntityUri;
  readonly change: (typeof dependencyChanges)[number];
  readonly reason: string;
  /** A shortest way from what changed to the model, both included. */
  readonly path: readonly EntityUri[];
};

/** As many are remembered by a model, the newest: what is older and comes again is told again. */
export const rememberedChanges = 20;
