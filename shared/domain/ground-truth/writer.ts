import type { Instant } from '../time.ts';
import * as z from '../zod.ts';
import { teamOfWriter } from './writer-key.ts';

/**
 * What a writer may send: records of predictions and of outcomes, which can withdraw a version from service and so are
 * never included unasked, and OpenLineage events, for which it has a key to send along.
 */
export const writerScopeSchema = z.enum(['predictions', 'outcomes', 'lineage']);
export const defaultScopes: readonly WriterScope[] = ['predictions'];

/** About twice what one producer can put on ten shards, packed 100 events a record. */
export const defaultEventsPerMinute = 1_200_000;

export const writerSettingsSchema = z.strictObject({
  /** @default those it has; `predictions` for a new one */
  scopes: z.array(writerScopeSchema).min(1).max(3).optional(),
  /** Predictions and outcomes together that are taken in a minute of their arrival. @default 1,200,000 for a new one */
  eventsPerMinute: z.number().int().min(1).max(100_000_000).optional(),
  /**
   * Of the jobs, and of the datasets in events about datasets, that its OpenLineage events may be about; null lifts the
   * limit. @default those it has; a new one is not limited
   */
  lineageNamespaces: z.array(z.string().trim().min(1).max(500)).min(1).max(50).nullable().optional(),
});

export type WriterScope = z.infer<typeof writerScopeSchema>;
export type WriterSettings = z.infer<typeof writerSettingsSchema>;

/** A generation of the key that another has replaced, good for what arrives before `validUntil`. */
export type FormerKey = {
  readonly keyId: number;
  readonly validUntil: Instant;
  /** Of the rotation that issued it, where the request had an id. */
  readonly requestId?: string;
};

/** Of arrivals, from `from` until before `to`; an absent end is open. */
export type ArrivalSpan = { readonly from?: Instant | undefined; readonly to?: Instant | undefined };

/** Outcomes that arrived in the span are excluded. */
export type Distrust = ArrivalSpan & {
  /** Counts a writer's distrusts from 1. */
  readonly distrustId: number;
  readonly reason: string;
  readonly since: Instant;
  readonly by: string;
};

/** Head of the stream `writer#<team>/<name>`. It holds no key: keys are derived. */
export type WriterState = {
  /** `<team>/<name>`. */
  readonly writer: string;
  readonly team: string;
  readonly registeredAt: Instant;
  readonly scopes: readonly WriterScope[];
  readonly eventsPerMinute: number;
  /** Absent when its OpenLineage events may be about any. */
  readonly lineageNamespaces?: readonly string[];
  /** Present generation of its key. */
  readonly keyId: number;
  /** Of the rotation that issued it, where the request had an id: a repetition rotates no more. */
  readonly keyRequestId?: string;
  readonly formerKeys: readonly FormerKey[];
  /** Nothing that arrives from then on is taken; for good. */
  readonly revokedAt?: Instant;
  /** In force. */
  readonly distrusts: readonly Distrust[];
  /** Of its life. */
  readonly distrustCount: number;
  /** How often it was distrusted or trusted again: what a restatement brings the aggregates to. */
  readonly trustRevision: number;
  /** Up to which of them restatements have begun. */
  readonly restatedRevision: number;
  /** What the revisions since then concern; absent when restatements have begun for all. */
  readonly unrestated?: ArrivalSpan;
};

type Settled = { readonly schemaVersion: 1; readonly writer: string };

/** All that is set of a writer, in place of what was. */
export type SetOfWriter = Pick<WriterState, 'scopes' | 'eventsPerMinute' | 'lineageNamespaces'>;

export type WriterEvent = Settled &
  (
    | ({ readonly type: 'WriterRegistered' | 'WriterChanged' } & SetOfWriter)
    | {
        readonly type: 'WriterKeyRotated';
        readonly keyId: number;
        readonly formerValidUntil: Instant;
        readonly requestId?: string;
      }
    | { readonly type: 'WriterRevoked' }
    | { readonly type: 'WriterDistrusted'; readonly distrust: Distrust }
    | { readonly type: 'WriterTrusted'; readonly distrustId: number }
    | {
        readonly type: 'RestatementsStarted';
        readonly revision: number;
        readonly models: number;
        /** UTC days of predictions, both included, that the batch layer has to join again; absent when none. */
        readonly days?: { readonly from: string; readonly to: string } | undefined;
      }
  );

/** One that is not registered, and the only state that Runway's own writers ever have beside distrust. */
export function newWriter(writer: string, now: Instant): WriterState {
  return {
    writer,
    team: teamOfWriter(writer),
    registeredAt: now,
    scopes: defaultScopes,
    eventsPerMinute: defaultEventsPerMinute,
    keyId: 1,
    formerKeys: [],
    distrusts: [],
    distrustCount: 0,
    trustRevision: 0,
    restatedRevision: 0,
  };
}
