import type { Instant } from '../time.ts';
import { type Contribution, emptyContribution } from './contribution.ts';
import { projectRegistryEvent } from './project-registry.ts';
import { projectRetrainEvent } from './project-retrain.ts';
import { projectRolloutEvent } from './project-rollout.ts';
import type { ProjectedEvent } from './projected-event.ts';

type EventsAt = { readonly events: readonly { readonly type: string }[]; readonly occurredAt: Instant };

const projectedKinds: ReadonlySet<string> = new Set(['model', 'version', 'rollout', 'retrain']);
const projections = [projectRegistryEvent, projectRolloutEvent, projectRetrainEvent] as const;

/** Whether the stream's commits are projected: those of models, versions, rollouts and retrains are. */
export function isProjectedStream(streamId: string): boolean {
  const hash = streamId.indexOf('#');
  return hash > 0 && projectedKinds.has(streamId.slice(0, hash));
}

/**
 * What a stream says after further commits of it, oldest first. Streams know nothing of each other, so the order in
 * which they are projected makes no difference; what does not concern the graph gives the same object back.
 */
export function projectCommits(contribution: Contribution | undefined, commits: readonly EventsAt[]): Contribution {
  return commits.reduce(
    (state, { events, occurredAt }) =>
      // Nothing but these events is ever appended to these streams.
      events.reduce((inner, event) => projectEvent(inner, event as ProjectedEvent, occurredAt), state),
    contribution ?? emptyContribution,
  );
}

function projectEvent(state: Contribution, event: ProjectedEvent, at: Instant): Contribution {
  return projections.reduce((said, project) => project(said, event, at), state);
}
