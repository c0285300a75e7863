import type { Actor } from '../../domain/actor.ts';
import { type FieldProblem, RunwayError } from '../../domain/errors.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { Policy } from '../../domain/registry/policy.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { changeModel, loadModel } from './change-model.ts';
import { loadVersion } from './change-version.ts';
import { expectGates } from './expect-gates.ts';
import { expectRules } from './expect-rules.ts';

type Request = {
  readonly modelId: string;
  readonly policy: Policy;
  readonly actor: Actor;
  readonly now: Instant;
  readonly ifMatch?: number | undefined;
};

/**
 * Replaces the whole policy. Throws `NotFound`, `PreconditionFailed`, `IllegalTransition` for a retired model, and
 * `InvalidRequest` (code `unknown-feature`) when drift is to be judged on a feature the model does not have: it would
 * silently judge nothing. `InvalidRequest` (code `invalid-rule`) when a rule cannot be evaluated, with the place, and (code
 * `invalid-gate`) when a validation gate does not fit the model.
 */
export async function changePolicy(
  events: EventStore,
  { modelId, policy, ...request }: Request,
): Promise<{ readonly state: ModelState; readonly version: number }> {
  const { state } = await loadModel(events, modelId);
  const champion = state.champion && (await loadVersion(events, modelId, state.champion.version));
  expectFeatures(
    policy,
    [...state.definition.features, ...(champion?.state.features ?? [])].map(({ name }) => name),
  );
  expectRules(policy);
  expectGates(policy, state.definition);
  return changeModel(events, modelId, [{ type: 'ChangePolicy', policy }], { ...request, reason: 'policy changed' });
}

function expectFeatures({ signals }: Policy, known: readonly string[]): void {
  const problems: FieldProblem[] = (signals.dataDrift.features ?? []).flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            field: `/signals/dataDrift/features/${index}`,
            code: 'unknown-feature',
            reason: `no feature ${JSON.stringify(name)}`,
          },
        ],
  );
  if (problems.length > 0)
    throw new RunwayError(
      'InvalidRequest',
      'unknown-feature',
      'the policy names a feature the model does not have',
      problems,
    );
}
