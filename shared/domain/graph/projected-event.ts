import type { ModelEvent } from '../registry/model-events.ts';
import type { VersionEvent } from '../registry/version-events.ts';
import type { RetrainEvent } from '../retraining/retrain-events.ts';
import type { RolloutEvent } from '../rollout/rollout-events.ts';

/** Of the streams that are projected; no two kinds of streams have a type of event in common. */
export type ProjectedEvent = ModelEvent | VersionEvent | RolloutEvent | RetrainEvent;
