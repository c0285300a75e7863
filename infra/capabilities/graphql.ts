import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';

/** Any question about the graph in one query. */
export class GraphQl extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    this.walksGraph(this.function('graph/query-graphql', { timeout: Duration.seconds(29), memory: 1_769 }));
  }
}
