import type { Profile, ProfileBlock } from '../ground-truth/aggregates.ts';
import { mergeAllProfiles } from '../ground-truth/profile.ts';
import { dayMillis, toMillis } from '../time.ts';
import type { Window } from './evaluation-window.ts';

/** What was served in a window, and how it came over time. */
export type ProfileWindow = {
  readonly profile: Profile;
  readonly days: number;
  /** Stretches of a day, oldest first; they may reach back beyond the window, for the variance. */
  readonly blocks: readonly ProfileBlock[];
};

/**
 * The window out of stretches of a day that are counted back from its end. A stretch that is shorter than a day, from the
 * hours after the deployment, joins the next: every block holds each hour of the day.
 */
export function profileWindow(stretches: readonly ProfileBlock[], { from, to }: Window): ProfileWindow {
  const within = stretches.filter((stretch) => stretch.from >= from && stretch.to <= to);
  return {
    profile: mergeAllProfiles(within.map(({ profile }) => profile)),
    days: (toMillis(to) - toMillis(from)) / dayMillis,
    blocks: wholeDays(stretches),
  };
}

function wholeDays(stretches: readonly ProfileBlock[]): readonly ProfileBlock[] {
  const [first, second, ...rest] = stretches;
  if (first === undefined || second === undefined) return stretches;
  if (toMillis(first.to) - toMillis(first.from) >= dayMillis) return stretches;
  const joined = { from: first.from, to: second.to, profile: mergeAllProfiles([first.profile, second.profile]) };
  return [joined, ...rest];
}
