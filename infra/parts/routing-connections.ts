import type { Settings } from '../settings.ts';
import type { RuntimeFunction } from './runtime-function.ts';

/** Lets a function that publishes routing sign it and weigh the variants of the stage's endpoints, and nothing else of them. */
export function connectRouting(
  target: RuntimeFunction,
  { routingSigningKeyArn: signingKeyArn, sagemakerEndpoints }: Settings,
): RuntimeFunction {
  const endpoints = Object.values(sagemakerEndpoints);
  if (signingKeyArn !== undefined) target.allow(['kms:Sign'], [signingKeyArn]);
  if (endpoints.length > 0)
    target.allow(['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'], endpoints);
  return target.set('ROUTING_CONNECTIONS', JSON.stringify({ signingKeyArn, sagemakerEndpoints }));
}
