import type { Routing } from '../domain/registry/model.ts';

/** Puts the routing table where serving reads it (`routing/<modelId>.json`). Idempotent; never publishes an older generation over a newer one. */
export interface RoutingPublisher {
  publish(routing: Routing): Promise<void>;
}

/** A publisher that tells what serving reads. */
export interface PublishedRouting extends RoutingPublisher {
  /** Undefined before the first publication. */
  published(modelId: string): Promise<Routing | undefined>;
}
