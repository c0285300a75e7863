import type { Routing } from '../domain/registry/model.ts';

/** Brings what serves a model to the shares of its routing table. */
export interface TrafficRouter {
  /**
   * Resolves once the shares are in force. Idempotent. Throws `DependencyUnavailable` while they are not yet, so that the
   * same call again is right; `InvalidRequest` (code `unknown-variant`) when a version that is to serve is not deployed.
   */
  route(routing: Routing): Promise<void>;
}
