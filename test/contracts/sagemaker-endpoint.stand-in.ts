import { type Answer, createStandInServer, type Fault, type StandInServer } from './orchestrators/stand-in-server.ts';

const type = 'application/x-amz-json-1.1';
const done = (body: unknown): Answer => ({ status: 200, body, type });
const refuse = (name: string, message: string): Answer => ({ status: 400, body: { __type: name, message }, type });

type Update = {
  readonly EndpointName: string;
  readonly DesiredWeightsAndCapacities?: readonly { readonly VariantName: string; readonly DesiredWeight: number }[];
};

export type StandInEndpoint = {
  readonly server: StandInServer;
  /** As DescribeEndpoint has them; a test sets them. */
  readonly variants: Map<string, { current: number; desired: number }>;
  status: string;
  /** How many looks an update takes. */
  looksPerUpdate: number;
  /** The sums of weights that somebody could have observed, in force and asked for. */
  readonly sums: number[];
  readonly updates: () => number;
  /** Happens to the call after so many that go well. */
  readonly failAfter: (calls: number, fault: Fault) => void;
};

/**
 * Answers as SageMaker's API reference documents DescribeEndpoint and UpdateEndpointWeightsAndCapacities: an accepted update
 * puts the endpoint into `Updating`, in which it serves by its current weights and refuses further updates.
 */
export async function createEndpointStandIn(weights: Readonly<Record<string, number>>): Promise<StandInEndpoint> {
  let left = 0;
  let updates = 0;
  let next: { calls: number; readonly fault: Fault } | undefined;
  const observe = () => {
    const all = [...endpoint.variants.values()];
    for (const kind of ['current', 'desired'] as const)
      endpoint.sums.push(all.reduce((sum, each) => sum + each[kind], 0));
  };
  const describe = (): Answer => {
    if (endpoint.status === 'Updating') {
      left -= 1;
      if (left < 0) {
        endpoint.status = 'InService';
        for (const each of endpoint.variants.values()) each.current = each.desired;
      }
    }
    observe();
    return done({
      EndpointName: 'ranker',
      EndpointArn: 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/ranker',
      EndpointConfigName: 'ranker-7',
      ProductionVariants: [...endpoint.variants].map(([VariantName, { current, desired }]) => ({
        VariantName,
        DeployedImages: [{ SpecifiedImage: 'image', ResolvedImage: 'image@sha256:0', ResolutionTime: 981_367_200.25 }],
        CurrentWeight: current,
        DesiredWeight: desired,
        CurrentInstanceCount: 1,
        DesiredInstanceCount: 1,
      })),
      EndpointStatus: endpoint.status,
      CreationTime: 981_367_200.25,
      LastModifiedTime: 981_367_200.25,
    });
  };
  const update = ({ DesiredWeightsAndCapacities = [] }: Update): Answer => {
    if (endpoint.status !== 'InService')
      return refuse('ValidationException', `Cannot update endpoint "ranker" in status ${endpoint.status}.`);
    for (const { VariantName, DesiredWeight } of DesiredWeightsAndCapacities) {
      const variant = endpoint.variants.get(VariantName);
      if (variant === undefined) return refuse('ValidationException', `Could not find variant ${VariantName}.`);
      variant.desired = DesiredWeight;
    }
    updates += 1;
    endpoint.status = 'Updating';
    left = endpoint.looksPerUpdate;
    observe();
    return done({ EndpointArn: 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/ranker' });
  };
  const server = await createStandInServer(({ headers, body }) => {
    if (next !== undefined) {
      next.calls -= 1;
      if (next.calls === 0) server.faults.push(next.fault);
    }
    if (!/^AWS4-HMAC-SHA256 Credential=.*\/eu-west-1\/sagemaker\/aws4_request/.test(headers.authorization ?? ''))
      return { status: 403, body: { __type: 'MissingAuthenticationTokenException' } };
    if ((body as Update).EndpointName !== 'ranker') return refuse('ValidationException', 'Could not find endpoint.');
    switch (headers['x-amz-target']) {
      case 'SageMaker.DescribeEndpoint':
        return describe();
      case 'SageMaker.UpdateEndpointWeightsAndCapacities':
        return update(body as Update);
      default:
        return refuse('UnknownOperationException', 'no such operation');
    }
  });
  const endpoint: StandInEndpoint = {
    server,
    variants: new Map(Object.entries(weights).map(([name, weight]) => [name, { current: weight, desired: weight }])),
    status: 'InService',
    looksPerUpdate: 1,
    sums: [],
    updates: () => updates,
    failAfter: (calls, fault) => {
      next = { calls, fault };
      if (calls === 0) server.faults.push(fault);
    },
  };
  return endpoint;
}
