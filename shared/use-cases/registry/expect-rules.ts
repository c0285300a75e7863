import { RunwayError } from '../../domain/errors.ts';
import type { Policy } from '../../domain/registry/policy.ts';
import { checkRules } from '../../domain/retraining/rules/check-rules.ts';

/** Throws `InvalidRequest` (code `invalid-rule`) that names every rule that cannot be evaluated, and the character. */
export function expectRules({ retraining }: Policy, pointer?: string): void {
  const problems = checkRules(retraining.rules ?? [], pointer);
  if (problems.length === 0) return;
  const message = `${problems.length} of the policy's rules cannot be evaluated`;
  throw new RunwayError('InvalidRequest', 'invalid-rule', message, problems);
}
