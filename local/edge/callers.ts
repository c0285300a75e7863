import { root } from '../permissions/permissions.ts';
import type { Principal } from '../permissions/statement.ts';
import type { ResolvedResource } from '../types.ts';
import { createNetwork, type Reach } from './network.ts';

/** Whom an access key stands for. */
export type Caller = {
  readonly principal: Principal;
  /** Why a service cannot be reached from where the caller runs; undefined when it can. */
  readonly obstacleTo: Reach;
};

/** The key of the account's root, which holds what a customer does with credentials of their own. */
export const customerKey = 'customer';

/** The key under which a function calls. */
export const keyOfFunction = (functionName: string): string => `AK-${functionName}`;

/** Every access key of the account: the customer's, and one for each function, which acts as the function's role. */
export function createCallers(ofType: (type: string) => readonly ResolvedResource[]): ReadonlyMap<string, Caller> {
  const network = createNetwork(ofType);
  const functions = ofType('AWS::Lambda::Function').map((resource): [string, Caller] => [
    keyOfFunction(resource.physicalName),
    { principal: String(resource.properties.Role), obstacleTo: network.reachOf(resource) },
  ]);
  // The customer's own network is theirs; Neptune is in nobody's but the VPC's.
  return new Map([[customerKey, { principal: root, obstacleTo: network.outside }], ...functions]);
}
