import { notFound } from '../../domain/errors.ts';
import type { ModelEvent } from '../../domain/registry/model-events.ts';
import type { Policy } from '../../domain/registry/policy.ts';
import { type PolicyChange, policyDifference } from '../../domain/registry/policy-difference.ts';
import { upcastPolicy } from '../../domain/registry/upcast-policy.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from './change-model.ts';

type PolicyVersion = { readonly policyVersion: number; readonly since: Instant; readonly by: string };
type Found = PolicyVersion & { readonly policy: Policy };
export type PolicyComparison = {
  readonly modelId: string;
  readonly from: PolicyVersion;
  readonly to: PolicyVersion;
  readonly changes: readonly PolicyChange[];
};

const pageSize = 100;

/** What changed between two versions of a model's policy. Throws `NotFound` (codes `unknown-model`, `unknown-policy-version`). */
export async function comparePolicies(
  events: EventStore,
  { modelId, from, to }: { readonly modelId: string; readonly from: number; readonly to?: number | undefined },
): Promise<PolicyComparison> {
  const { state } = await loadModel(events, modelId);
  const versions = await policyVersions(events, modelId);
  const find = (wanted: number): Found => {
    const found = versions.find(({ policyVersion }) => policyVersion === wanted);
    if (found === undefined) throw notFound('policy-version', String(wanted));
    return found;
  };
  const [{ policy: before, ...one }, { policy: after, ...other }] = [find(from), find(to ?? state.policyVersion)];
  return { modelId, from: one, to: other, changes: policyDifference(before, after) };
}

async function policyVersions(events: EventStore, modelId: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  let afterVersion = 0;
  for (;;) {
    const commits = await events.commits(modelStream(modelId), { afterVersion, limit: pageSize });
    for (const { events: all, occurredAt, actor } of commits) {
      for (const event of all as readonly ModelEvent[]) {
        if (event.type !== 'ModelRegistered' && event.type !== 'PolicyChanged') continue;
        const policyVersion = event.type === 'PolicyChanged' ? event.policyVersion : 1;
        found.push({ policyVersion, since: occurredAt, by: actor.id, policy: upcastPolicy(event.policy) });
      }
    }
    if (commits.length < pageSize) return found;
    afterVersion = commits.at(-1)!.version;
  }
}
