import * as z from '../../domain/zod.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import { answerOf, shortReason } from '../orchestrators/answer-of.ts';
import { type CallLimits, createJsonCaller } from '../orchestrators/call-json.ts';
import { createSignRequest } from '../orchestrators/sign-request.ts';

export type EndpointOptions = CallLimits & {
  /** Of the endpoint. */
  readonly arn: string;
  /** Of SageMaker's API. @default SageMaker's in the endpoint's region */
  readonly url?: string | undefined;
};

/** Current weights by name of production variant. */
export type Endpoint = { readonly status: string; readonly variants: ReadonlyMap<string, number> };

const service = 'SageMaker';

const endpointSchema = z.object({
  EndpointStatus: z.string(),
  // Absent while an endpoint is created.
  ProductionVariants: z.array(z.object({ VariantName: z.string(), CurrentWeight: z.number().optional() })).default([]),
});
const errorSchema = z.object({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() });

/**
 * One endpoint by SageMaker's JSON 1.1 protocol. A refusal is `DependencyUnavailable`, too: SageMaker answers
 * `ValidationException` to whoever changes an endpoint that has just begun an update.
 */
export function createSageMakerEndpoint({ arn, url: given, ...limits }: EndpointOptions) {
  const [, , , region = 'us-east-1', , resource = ''] = arn.split(':');
  const EndpointName = resource.replace(/^endpoint\//, '');
  const url = new URL(given ?? `https://api.sagemaker.${region}.amazonaws.com/`);
  const callJson = createJsonCaller(service, limits);
  const sign = createSignRequest('sagemaker', region, url);
  const call = async (operation: string, input: unknown): Promise<unknown> => {
    const body = JSON.stringify(input);
    const target = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `SageMaker.${operation}` };
    const answer = await callJson({ method: 'POST', url, headers: await sign(target, body), body });
    if (!answer.ok) throw dependencyUnavailable(service, new Error(refusalOf(answer.status, answer.body)));
    return answer.body;
  };
  return {
    describe: async (): Promise<Endpoint> => {
      const described = answerOf(service, endpointSchema, await call('DescribeEndpoint', { EndpointName }));
      const variants = described.ProductionVariants.map(
        ({ VariantName, CurrentWeight }) => [VariantName, CurrentWeight ?? Number.NaN] as const,
      );
      return { status: described.EndpointStatus, variants: new Map(variants) };
    },
    /** Of all variants at once: whoever is left out would keep its weight. */
    setWeights: async (weights: readonly { readonly name: string; readonly weight: number }[]): Promise<void> => {
      const DesiredWeightsAndCapacities = weights.map(({ name, weight }) => ({
        VariantName: name,
        DesiredWeight: weight,
      }));
      await call('UpdateEndpointWeightsAndCapacities', { EndpointName, DesiredWeightsAndCapacities });
    },
  };
}

function refusalOf(status: number, body: unknown): string {
  const { __type, message, Message } = errorSchema.safeParse(body).data ?? {};
  return shortReason(`SageMaker answers ${status}`, __type?.split('#').at(-1), message ?? Message);
}
