import type { Contribution } from '../domain/graph/contribution.ts';
import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { ProviderId } from '../domain/graph/provider-contribution.ts';
import type { Instant } from '../domain/time.ts';

/** DynamoDB takes 100 items in a transaction; the log's entry and head are two of them. */
export const maximumWritesAtOnce = 90;

/** Contributions are kept in so many parts, each of which fits a function's memory many times. */
export const contributionParts = 16;

/** What one stream says in the graph, as of `version` of the stream. */
export type StoredContribution = {
  readonly streamId: string;
  readonly version: number;
  /** Version that the graph database is known to hold; smaller than `version` while it lags behind. */
  readonly appliedVersion: number;
  /** Number of the change that wrote the contribution last. */
  readonly change: number;
  /** Grows with every write. */
  readonly revision: number;
  readonly contribution: Contribution;
};

export type ContributionWrite = Pick<StoredContribution, 'streamId' | 'version' | 'appliedVersion' | 'contribution'> & {
  /** Revision that was read; 0 when there was none. */
  readonly expectedRevision: number;
  /** False when only the version moved: then the change log says nothing. */
  readonly isChanged: boolean;
  readonly now: Instant;
};

/** What was written at once. */
export type GraphChange = {
  readonly change: number;
  readonly contributions: readonly Pick<StoredContribution, 'streamId' | 'contribution'>[];
};

/** Of a provider's stream; nothing but providers' statements is written this way. */
export type ProviderWrite = Pick<ContributionWrite, 'streamId' | 'contribution' | 'expectedRevision'>;

/** The graph's truth: contributions by stream, and a log of their changes, numbered without a gap from 1. */
export interface GraphStore {
  /** Strongly consistent. */
  get(streamId: string): Promise<StoredContribution | undefined>;
  /** Contribution, log entry and the log's head, or none; throws `VersionConflict` when the contribution was written since. */
  put(write: ContributionWrite): Promise<void>;
  /**
   * Writes of different streams with one log entry, all or none; versions are revisions. At most `maximumWritesAtOnce`.
   * Throws `VersionConflict` when any was written since.
   */
  putMany(writes: readonly ProviderWrite[], now: Instant): Promise<void>;
  /** Strongly consistent; what is unknown is left out. */
  getMany(streamIds: readonly string[]): Promise<readonly StoredContribution[]>;
  /** What providers say of an entity; strongly consistent. The registry's own streams are not among them. */
  about(uri: EntityUri): Promise<readonly StoredContribution[]>;
  /**
   * Subjects of what a provider has ever said, a page at a time from 0, retired ones too; undefined beyond the last page.
   * Each costs a read of a part of the table, so it is for imports and reconciliation.
   */
  subjectsOf(provider: ProviderId, page: number): Promise<readonly EntityUri[] | undefined>;
  /** The database holds the stream as of `version`. */
  markApplied(streamId: string, version: number): Promise<void>;
  /** Everything, and the number of a change that all of it includes. */
  all(): Promise<{ readonly change: number; readonly contributions: readonly StoredContribution[] }>;
  /** One part of everything, by its number from 0 to `contributionParts - 1`; strongly consistent. */
  part(number: number): Promise<readonly StoredContribution[]>;
  /** Changes after a number, oldest first, strongly consistent; undefined when the log no longer reaches back that far. */
  changesAfter(change: number): Promise<readonly GraphChange[] | undefined>;
}
