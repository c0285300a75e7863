import type { EventStore } from '../../ports/event-store.ts';
import type { RoutingPublisher } from '../../ports/routing-publisher.ts';
import { loadModel } from '../registry/change-model.ts';

export type RoutingDependencies = { readonly events: EventStore; readonly routing: RoutingPublisher };

/** Publishes what the model's head says, never what a task remembers: repeating it converges on the present. */
export async function publishRouting({ events, routing }: RoutingDependencies, modelId: string): Promise<void> {
  const { state } = await loadModel(events, modelId);
  if (state.routing !== undefined) await routing.publish(state.routing);
}
