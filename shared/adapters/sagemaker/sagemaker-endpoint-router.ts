import { setTimeout as sleep } from 'node:timers/promises';
import { RunwayError } from '../../domain/errors.ts';
import type { Routing } from '../../domain/registry/model.ts';
import type { TrafficRouter } from '../../ports/traffic-router.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import { createSageMakerEndpoint, type Endpoint, type EndpointOptions } from './sagemaker-endpoint.ts';

export type EndpointRouterOptions = EndpointOptions & {
  /** How long to wait for an endpoint that is being updated. @default 5,000 */
  readonly settleMilliseconds?: number;
  /** Between two looks at it. @default 1,000 */
  readonly lookMilliseconds?: number;
};

const service = 'SageMaker';

/** Of these one waits for the end; in all others nothing is served, or nobody can say what. */
const inUpdate: ReadonlySet<string> = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack']);

/**
 * The weights of an endpoint's production variants, where version n is the variant `v<n>`. Read, then written as a whole in
 * one call, variants of other versions with 0: what SageMaker serves by, before and after, sums to 100. An endpoint that is
 * being updated takes no weights, so that a call waits a little and then throws `DependencyUnavailable`; what was asked for
 * and is not in force yet counts as an update.
 */
export function createSageMakerEndpointRouter(options: EndpointRouterOptions): TrafficRouter {
  const { settleMilliseconds = 5_000, lookMilliseconds = 1_000 } = options;
  const endpoint = createSageMakerEndpoint(options);
  const settled = async (): Promise<Endpoint> => {
    for (let waited = 0; ; waited += lookMilliseconds) {
      const found = await endpoint.describe();
      if (found.status === 'InService') return found;
      if (!inUpdate.has(found.status) || waited >= settleMilliseconds)
        throw dependencyUnavailable(service, new Error(`the endpoint is ${found.status}, expected InService`));
      await sleep(lookMilliseconds);
    }
  };
  return {
    route: async (routing) => {
      const found = await settled();
      const weights = weightsOf(routing, found);
      if (weights.every(({ name, weight }) => found.variants.get(name) === weight)) return;
      await endpoint.setWeights(weights);
      // Accepted is not in force: the endpoint updates first.
      const after = await settled();
      const missing = weights.find(({ name, weight }) => after.variants.get(name) !== weight);
      if (missing !== undefined)
        throw dependencyUnavailable(
          service,
          new Error(`${missing.name} has the weight ${after.variants.get(missing.name)}, expected ${missing.weight}`),
        );
    },
  };
}

function weightsOf({ modelId, arms }: Routing, { variants }: Endpoint) {
  const weightByVariant = new Map(arms.map(({ version, weightPercent }) => [`v${version}`, weightPercent]));
  for (const [name, weight] of weightByVariant)
    if (weight > 0 && !variants.has(name)) {
      const known = [...variants.keys()].join(', ');
      const message = `the endpoint of ${modelId} has no variant ${name}, which is to serve ${weight} %; it has ${known}`;
      throw new RunwayError('InvalidRequest', 'unknown-variant', message);
    }
  return [...variants.keys()].map((name) => ({ name, weight: weightByVariant.get(name) ?? 0 }));
}
