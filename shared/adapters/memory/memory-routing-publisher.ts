import type { Routing } from '../../domain/registry/model.ts';
import type { RoutingPublisher } from '../../ports/routing-publisher.ts';

export interface MemoryRoutingPublisher extends RoutingPublisher {
  /** What serving would read. */
  read(modelId: string): Routing | undefined;
}

/** Twin of the S3 publisher. */
export function createMemoryRoutingPublisher(): MemoryRoutingPublisher {
  const tables = new Map<string, Routing>();
  return {
    publish: async (routing) => {
      const current = tables.get(routing.modelId);
      if (current === undefined || current.generation < routing.generation) tables.set(routing.modelId, routing);
    },
    read: (modelId) => tables.get(modelId),
  };
}
