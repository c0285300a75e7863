import type { Instant } from '../domain/time.ts';

export type StartRequest = {
  /** Repeating a start with the same id starts no second run. At most 80 letters, digits, `.`, `_` or `-`. */
  readonly requestId: string;
  /** As the orchestrator names what it runs. */
  readonly pipeline: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly now: Instant;
  /** When this start was asked for first; absent the first time. Orchestrators without an idempotency key need it. */
  readonly askedBefore?: Instant | undefined;
};

/** What finds a run again; `id` is the orchestrator's own and opaque. */
export type RunHandle = {
  readonly id: string;
  readonly pipeline: string;
  readonly requestedAt: Instant;
};

/** A refusal is the orchestrator's answer (no such pipeline, a parameter that does not fit), not a failure of it. */
export type StartResult =
  | { readonly outcome: 'started' | 'already-started'; readonly run: RunHandle }
  | { readonly outcome: 'refused'; readonly reason: string };

/** `unknown`: the orchestrator answers, but has no such run; starting it again with the same id is right. */
export type RunStatus = {
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'unknown';
  readonly reason?: string;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  /** For people. */
  readonly url?: string;
};

export type StopResult = { readonly outcome: 'asked' } | { readonly outcome: 'refused'; readonly reason: string };

/**
 * What runs trainings. Each method throws `DependencyUnavailable` when the orchestrator does not answer or answers
 * nonsense, also when it may have acted nevertheless: then the same call again is safe.
 */
export interface Orchestrator {
  start(request: StartRequest): Promise<StartResult>;
  status(run: RunHandle, now: Instant): Promise<RunStatus>;
  /** Asks for an end, which comes later: ask for the `status`. A run that has ended is `asked` too. */
  stop(run: RunHandle, reason: string): Promise<StopResult>;
}
