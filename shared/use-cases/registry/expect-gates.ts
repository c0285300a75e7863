import { RunwayError } from '../../domain/errors.ts';
import type { Policy } from '../../domain/registry/policy.ts';
import type { ModelDefinition } from '../../domain/registry/schemas.ts';
import { gateProblems } from '../../domain/rollout/gates/gate.ts';

/** Throws `InvalidRequest` (code `invalid-gate`): a gate that cannot be judged would refuse every candidate. */
export function expectGates(
  { validation: { gates = [], slices = [] } }: Policy,
  { taskType, segments = [] }: Pick<ModelDefinition, 'taskType' | 'segments'>,
): void {
  const problems = gateProblems({ gates, slices }, { taskType, segments: segments.map(({ name }) => name) });
  if (problems.length === 0) return;
  const message = `the policy has validation gates that do not fit the model: ${problems.join('; ')}`;
  throw new RunwayError('InvalidRequest', 'invalid-gate', message);
}
