import type { Instant } from '../../time.ts';

/** A start that was let through and has not been reported on; it counts until `until`, since who asked may have died. */
export type Probe = { readonly startId: string; readonly until: Instant };
export type DrainStart = { readonly startId: string; readonly at: Instant };

/**
 * Head of the stream `circuit#<connection>`: whether an orchestrator is asked to start runs. `openings` counts since it
 * was last closed and makes the back-off grow.
 */
export type CircuitState =
  | { readonly status: 'closed'; readonly failures: number }
  | {
      readonly status: 'open';
      readonly openedAt: Instant;
      readonly until: Instant;
      readonly openings: number;
      readonly reason: string;
    }
  | { readonly status: 'half-open'; readonly openings: number; readonly probes: readonly Probe[] }
  /** `starts`: those of the last minute. */
  | {
      readonly status: 'draining';
      readonly openings: number;
      readonly until: Instant;
      readonly starts: readonly DrainStart[];
    };

export type CircuitLimits = {
  /** Infrastructure failures in a row. */
  readonly failuresToOpen: number;
  /** Doubled with each opening up to the maximum. */
  readonly firstBackOffSeconds: number;
  readonly maximumBackOffSeconds: number;
  /** Starts that may be under way while half-open. */
  readonly probes: number;
  /** A probe that is not reported on within this time is given up. */
  readonly probeSeconds: number;
  readonly drainStartsPerMinute: number;
  readonly drainMinutes: number;
};

export const circuitLimits: CircuitLimits = {
  failuresToOpen: 5,
  firstBackOffSeconds: 60,
  maximumBackOffSeconds: 1_800,
  probes: 2,
  probeSeconds: 120,
  drainStartsPerMinute: 5,
  drainMinutes: 5,
};

export const closedCircuit: CircuitState = { status: 'closed', failures: 0 };

type Of<T extends string, D = unknown> = { readonly type: T; readonly schemaVersion: 1 } & Readonly<D>;

export type CircuitEvent =
  | Of<'CircuitFailureCounted', { reason: string }>
  | Of<'CircuitFailuresReset'>
  | Of<'CircuitOpened', { openedAt: Instant; until: Instant; openings: number; reason: string }>
  | Of<'CircuitProbed', Probe & { probedAt: Instant }>
  | Of<'CircuitDraining', { until: Instant }>
  | Of<'CircuitDrainStarted', DrainStart>
  | Of<'CircuitClosed'>;

export type CircuitCommand =
  /** May this start be asked for now? */
  | { readonly type: 'AdmitStart'; readonly startId: string }
  /** The orchestrator answered; a refusal and a failed training are answers too. */
  | { readonly type: 'RecordAnswer' }
  /** It did not answer, or answered nonsense. */
  | { readonly type: 'RecordFailure'; readonly reason: string };
