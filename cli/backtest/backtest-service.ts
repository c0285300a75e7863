import { createRunwayClient, unwrap } from '../../sdk/client.ts';
import { policySchema } from '../../shared/domain/registry/policy.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { reached } from '../reached.ts';
import { readPolicy } from './policy-file.ts';
import type { Stretch } from './time-options.ts';

export type ServiceBacktest = {
  readonly url: string;
  /** Bearer token; undefined sends none. */
  readonly token: string | undefined;
  readonly modelId: string;
  readonly policyFile: string;
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  /** Found in hindsight when there is none. */
  readonly degradations: readonly Stretch[];
  readonly retrainCost: number;
};

/**
 * The report of a service on its own records; the policy file changes the model's policy there. Throws `RunwayApiError`
 * for an answer that is no success and `DependencyUnavailable` when there is none.
 */
export async function backtestService({ url, token, modelId, ...request }: ServiceBacktest) {
  const { policyFile, from, to, degradations, retrainCost } = request;
  const runway = createRunwayClient({ baseUrl: url, token: () => token });
  const params = { path: { modelId } };
  const model = await reached(url, () => unwrap(runway.GET('/v1/models/{modelId}', { params })));
  const policy = await readPolicy(policyFile, policySchema.parse(model.policy));
  // What is not there is left out, not undefined.
  const onTheWire: typeof model.policy = JSON.parse(JSON.stringify(policy));
  const body = {
    policy: onTheWire,
    retrainCost,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(degradations.length > 0 && { degradations: [...degradations] }),
  };
  return reached(url, () => unwrap(runway.POST('/v1/models/{modelId}/backtests', { params, body })));
}
