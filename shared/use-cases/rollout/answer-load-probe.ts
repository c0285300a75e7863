import type { Actor } from '../../domain/actor.ts';
import { notFound } from '../../domain/errors.ts';
import { rolloutIdOfProbe } from '../../domain/rollout/load-probes.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import { rolloutStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { teamOf } from '../registry/team-of.ts';
import { changeRollout } from './change-rollout.ts';

export type ProbeAnswer = {
  readonly probeId: string;
  readonly loaded: boolean;
  readonly artifactDigest: string;
  readonly reason?: string | undefined;
  readonly actor: Actor;
  readonly now: Instant;
};

/** The team of the service that is asked, or the model's where it declared none; undefined when there is no such probe. */
export async function teamOfProbe(events: EventStore, probeId: string): Promise<string | undefined> {
  const rolloutId = rolloutIdOfProbe(probeId);
  const rollout = rolloutId === undefined ? undefined : await events.head<RolloutState>(rolloutStream(rolloutId));
  const probe = rollout?.state.loadProbes?.find((each) => each.probeId === probeId);
  if (rollout === undefined || probe === undefined) return undefined;
  return probe.team ?? teamOf(events, rollout.state.modelId);
}

/** Records what a consuming service says; the waiting workflow looks for it. Throws as `answerLoadProbe` does. */
export async function recordProbeAnswer(events: EventStore, { actor, now, ...answer }: ProbeAnswer): Promise<void> {
  const rolloutId = rolloutIdOfProbe(answer.probeId);
  if (rolloutId === undefined) throw notFound('probe', answer.probeId);
  const reason = answer.reason ?? (answer.loaded ? 'the service loads the candidate' : 'the service cannot load it');
  await changeRollout(events, rolloutId, { type: 'AnswerLoadProbe', ...answer }, { actor, now, reason });
}
