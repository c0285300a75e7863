import type { PublishedRouting, RoutingPublisher } from '../ports/routing-publisher.ts';
import type { TrafficRouter } from '../ports/traffic-router.ts';
import { dependencyUnavailable } from './dependency-error.ts';

const attempts = 5;

/**
 * The routing table first, then what else serves by it. A router cannot refuse an older generation, the table can: so the
 * router gets what the table says, not what the caller remembers, and again if the table has moved on meanwhile. Whoever
 * writes last has looked at the table after its writing, so that the newest generation is what stays.
 */
export function createRoutedPublisher(
  table: PublishedRouting,
  routerOf: (modelId: string) => TrafficRouter | undefined,
): RoutingPublisher {
  return {
    publish: async (routing) => {
      await table.publish(routing);
      const router = routerOf(routing.modelId);
      if (router === undefined) return;
      let routed = -1;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const current = (await table.published(routing.modelId)) ?? routing;
        if (current.generation === routed) return;
        await router.route(current);
        routed = current.generation;
      }
      const moving = new Error(`the routing table of ${routing.modelId} changed ${attempts} times while it was routed`);
      throw dependencyUnavailable('routing', moving);
    },
  };
}
