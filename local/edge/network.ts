import * as z from 'zod';
import { parseProperties, unsupported } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';

/** Why a service, named as in signatures, cannot be reached; undefined when it can. */
export type Reach = (service: string) => string | undefined;

export interface Network {
  /** From outside every VPC. */
  readonly outside: Reach;
  reachOf(lambda: ResolvedResource): Reach;
}

const endpointProperties = z.object({
  ServiceName: z.string(),
  VpcEndpointType: z.literal('Gateway', 'only gateway endpoints are emulated'),
  RouteTableIds: z.array(z.string()).default([]),
});
const associationProperties = z.object({ SubnetId: z.string(), RouteTableId: z.string() });
const functionProperties = z.object({
  VpcConfig: z.object({ SubnetIds: z.array(z.string()), SecurityGroupIds: z.array(z.string()) }).optional(),
});
const rule = z.object({
  IpProtocol: z.string(),
  FromPort: z.number().optional(),
  ToPort: z.number().optional(),
  CidrIp: z.string().optional(),
  SourceSecurityGroupId: z.string().optional(),
  DestinationSecurityGroupId: z.string().optional(),
});
type Rule = z.infer<typeof rule>;
const groupProperties = z.object({
  // Without rules of its own a group lets everything out.
  SecurityGroupEgress: z.array(rule).default([{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]),
  SecurityGroupIngress: z.array(rule).default([]),
});
const ingressProperties = rule.extend({ GroupId: z.string() });
const clusterProperties = z.object({
  VpcSecurityGroupIds: z.array(z.string()).default([]),
  DBPort: z.union([z.string(), z.number()]).default(8182),
});

const https = 443;
const everywhere = '0.0.0.0/0';

/** Which services can be reached from where, by VPC endpoints, route tables and security groups of the template. */
export function createNetwork(ofType: (type: string) => readonly ResolvedResource[]): Network {
  const groups = readGroups(ofType);
  const [cluster] = ofType('AWS::Neptune::DBCluster');
  const database = cluster && parseProperties(cluster, clusterProperties);
  const outside: Reach = (service) =>
    service === 'neptune-db' ? 'Neptune is reached from its VPC only, and the caller is outside' : undefined;

  function lets(group: string, direction: 'in' | 'out', port: number, peer: readonly string[]): boolean {
    return (groups.get(group)?.[direction] ?? []).some(
      (entry) => coversPort(entry, port) && peer.includes(entry.CidrIp ?? otherGroup(entry) ?? ''),
    );
  }

  function obstacleToNeptune(own: readonly string[]): string | undefined {
    const theirs = database?.VpcSecurityGroupIds ?? [];
    const port = Number(database?.DBPort);
    if (!own.some((group) => lets(group, 'out', port, [everywhere, ...theirs])))
      return `no security group of the function lets it out to port ${port}`;
    if (!theirs.some((group) => lets(group, 'in', port, [everywhere, ...own])))
      return `no security group of Neptune lets the function in on port ${port}`;
    return undefined;
  }

  function reachOf(lambda: ResolvedResource): Reach {
    const { VpcConfig } = parseProperties(lambda, functionProperties);
    if (VpcConfig === undefined) return outside;
    const endpoints = endpointsOf(ofType, VpcConfig.SubnetIds);
    const own = VpcConfig.SecurityGroupIds;
    return (service) => {
      if (service === 'neptune-db') return obstacleToNeptune(own);
      if (!endpoints.has(service)) return `the VPC has no endpoint for ${service} in the function’s route tables`;
      const isOut = own.some((group) => lets(group, 'out', https, [everywhere]));
      return isOut ? undefined : `no security group of the function lets it out to port ${https}`;
    };
  }
  return { outside, reachOf };
}

type Groups = ReadonlyMap<string, { readonly in: readonly Rule[]; readonly out: readonly Rule[] }>;

function readGroups(ofType: (type: string) => readonly ResolvedResource[]): Groups {
  const ingress = ofType('AWS::EC2::SecurityGroupIngress').map((entry) => parseProperties(entry, ingressProperties));
  const egress = ofType('AWS::EC2::SecurityGroupEgress').map((entry) => parseProperties(entry, ingressProperties));
  return new Map(
    ofType('AWS::EC2::SecurityGroup').map((group) => {
      const own = parseProperties(group, groupProperties);
      const added = (rules: typeof ingress) => rules.filter(({ GroupId }) => GroupId === group.physicalName);
      const rules = {
        in: [...own.SecurityGroupIngress, ...added(ingress)],
        out: [...own.SecurityGroupEgress, ...added(egress)],
      };
      return [group.physicalName, rules];
    }),
  );
}

const coversPort = ({ IpProtocol, FromPort = 0, ToPort = 65_535 }: Rule, port: number) =>
  IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort <= port && port <= ToPort);
const otherGroup = (entry: Rule) => entry.SourceSecurityGroupId ?? entry.DestinationSecurityGroupId;

/** Services with a gateway endpoint in the route table of every one of the subnets. */
function endpointsOf(
  ofType: (type: string) => readonly ResolvedResource[],
  subnets: readonly string[],
): ReadonlySet<string> {
  const associations = ofType('AWS::EC2::SubnetRouteTableAssociation').map((entry) =>
    parseProperties(entry, associationProperties),
  );
  const tableOf = (subnet: string) => associations.find(({ SubnetId }) => SubnetId === subnet)?.RouteTableId ?? '';
  const reachable = ofType('AWS::EC2::VPCEndpoint').flatMap((endpoint) => {
    const { ServiceName, RouteTableIds } = parseProperties(endpoint, endpointProperties);
    const name = ServiceName.split('.').at(-1);
    if (name === undefined) throw unsupported(endpoint, `ServiceName ${ServiceName} is not emulated`);
    return subnets.every((subnet) => RouteTableIds.includes(tableOf(subnet))) ? [name] : [];
  });
  return new Set(reachable);
}
