import type { Edge } from '../domain/graph/contribution.ts';
import type { Instant } from '../domain/time.ts';

export type SuggestionRejection = {
  readonly edge: Edge;
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
};

/** Relations that a person said are none, so that they are not suggested again. */
export interface SuggestionRejections {
  reject(rejection: SuggestionRejection): Promise<void>;
  /** By `edgeId`; strongly consistent. */
  all(): Promise<ReadonlyMap<string, SuggestionRejection>>;
}
