import { type Instant, minuteMillis, toInstant, toMillis } from '../../time.ts';
import type { CascadeMember, CascadeState } from './cascade.ts';

/**
 * From when a member may be asked for; undefined while something that it waits for is under way. What was skipped or not
 * promoted holds nobody any longer: it serves on changed inputs itself, so that what depends on it sees a change as well.
 */
export function turnOf(
  { members, promotedAt }: CascadeState,
  { after }: CascadeMember,
  cooldownMinutes: number,
): Instant | undefined {
  const upstreams = after.map((place) => members[place]!);
  if (upstreams.some(({ status }) => status === 'waiting' || status === 'requested')) return undefined;
  const changes = upstreams.flatMap(({ status, endedAt }) => (status === 'promoted' && endedAt ? [endedAt] : []));
  const last = [promotedAt, ...changes].reduce((latest, at) => (at > latest ? at : latest));
  return toInstant(toMillis(last) + cooldownMinutes * minuteMillis);
}
