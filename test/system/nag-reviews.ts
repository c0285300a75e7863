import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What cdk-nag says of an app; see infra/nag.ts. */
export type Review = {
  /** Rules, each with its finding in brackets. */
  readonly open: readonly string[];
  readonly accepted: readonly Accepted[];
  readonly stale: readonly Accepted[];
  readonly check: 'passes' | 'fails';
};
type Accepted = { readonly path: string; readonly rule: string; readonly reason: string };

export type Reviews = {
  /** The stage that sets nothing. */
  readonly plain: Review;
  /** A stage that sets all that adds or removes resources. */
  readonly everything: Review;
  /** A public bucket, and a role that may do everything with it. */
  readonly careless: Review;
  /** The same with its objects accepted, and one acceptance at the wrong resource. */
  readonly carelessAndAccepted: Review;
  /** An empty stack that accepts something. */
  readonly emptyAndAccepted: Review;
};

export function reviewWithNag(): Reviews {
  const file = fileURLToPath(new URL('review-with-nag.ts', import.meta.url));
  const printed = execFileSync(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  return JSON.parse(printed) as Reviews;
}
