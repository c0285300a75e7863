import {
  evolveTeam,
  newTeam,
  setAlertBudget,
  type TeamEvent,
  type TeamState,
  teamRows,
} from '../../domain/health/team.ts';
import { teamStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { type ChangeContext, expectMatch } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Version 0 and the default budget while the team has set none. A team is a name: it need not have a model yet. */
export async function loadTeam(store: EventStore, team: string): Promise<Head<TeamState>> {
  const streamId = teamStream(team);
  return (await store.head<TeamState>(streamId)) ?? { streamId, version: 0, state: newTeam(team), hash: '' };
}

type Request = Omit<ChangeContext, 'reason'> & {
  readonly team: string;
  readonly falseAlarmsPerWeek: number;
  readonly ifMatch?: number | undefined;
};

/** Holds from the next evaluation of each model on. Throws `PreconditionFailed`. */
export function changeAlertBudget(
  store: EventStore,
  { team, falseAlarmsPerWeek, ifMatch, actor, now, correlationId }: Request,
): Promise<{ readonly state: TeamState; readonly version: number }> {
  return withRetryOnConflict(async () => {
    const head = await loadTeam(store, team);
    expectMatch(head, ifMatch);
    const events: readonly TeamEvent[] = setAlertBudget(head.state, falseAlarmsPerWeek);
    if (events.length === 0) return { state: head.state, version: head.version };
    const state = events.reduce(evolveTeam, head.state);
    const commit = {
      streamId: head.streamId,
      expectedVersion: head.version,
      events,
      state,
      lists: [],
      row: { list: teamRows, value: state },
      actor,
      reason: 'alert budget set',
      occurredAt: now,
      correlationId,
    };
    await store.append([commit]);
    return { state, version: head.version + 1 };
  });
}
