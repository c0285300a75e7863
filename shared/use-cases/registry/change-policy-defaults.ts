import { canonicalJson } from '../../domain/canonical-json.ts';
import { RunwayError } from '../../domain/errors.ts';
import {
  type PolicyDefaults,
  type PolicyDefaultsEvent,
  type PolicyDefaultsState,
  policyFor,
  problemOf,
} from '../../domain/registry/policy-defaults.ts';
import { policyDefaultsStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { type ChangeContext, expectMatch } from './change-model.ts';
import { expectRules } from './expect-rules.ts';

type Request = Omit<ChangeContext, 'reason'> & {
  readonly team: string;
  readonly defaults: PolicyDefaults;
  readonly ifMatch?: number | undefined;
};

/** Version 0 and no defaults while the team has set none. */
export async function loadPolicyDefaults(store: EventStore, team: string): Promise<Head<PolicyDefaultsState>> {
  const streamId = policyDefaultsStream(team);
  const head = await store.head<PolicyDefaultsState>(streamId);
  return head ?? { streamId, version: 0, state: { team, defaults: {} }, hash: '' };
}

/**
 * Replaces the team's defaults; they hold for models that are registered from now on. Throws `PreconditionFailed`, and
 * `InvalidRequest` (code `invalid-policy-defaults` or `invalid-rule`) when they make no policy of some tier's.
 */
export function changePolicyDefaults(
  store: EventStore,
  { team, defaults, ifMatch, actor, now, correlationId }: Request,
): Promise<{ readonly state: PolicyDefaultsState; readonly version: number }> {
  expectPolicies(defaults);
  return withRetryOnConflict(async () => {
    const head = await loadPolicyDefaults(store, team);
    expectMatch(head, ifMatch);
    if (canonicalJson(defaults) === canonicalJson(head.state.defaults)) return head;
    const event: PolicyDefaultsEvent = { type: 'PolicyDefaultsSet', schemaVersion: 1, team, defaults };
    const state = { team, defaults };
    const commit = { streamId: head.streamId, expectedVersion: head.version, events: [event], state, lists: [] };
    const reason = 'policy defaults set';
    await store.append([{ ...commit, actor, reason, occurredAt: now, correlationId }]);
    return { state, version: head.version + 1 };
  });
}

function expectPolicies(defaults: PolicyDefaults): void {
  const problem = problemOf(defaults);
  if (problem === undefined) {
    expectRules(policyFor(1, defaults));
    return;
  }
  const problems = problem.error.issues.map(({ path, message }) => ({
    field: `/${path.join('/')}`,
    code: 'invalid',
    reason: message,
  }));
  const message = `with the policy of tier ${problem.tier} they make none`;
  throw new RunwayError('InvalidRequest', 'invalid-policy-defaults', message, problems);
}
