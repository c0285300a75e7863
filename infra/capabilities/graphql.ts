import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';

/** Any question about the graph in one query. */
export class GraphQl extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const query = this.function('graph/query-graphql', { timeout: Duration.seconds(29), memory: 1_769 });
    this.walksGraph(query);
    // Its field `search` begins with the snapshot of search.
    query.bindBucket('GRAPH_BUCKET', this.shared.state.graphBucket, ['s3:GetObject'], 'search/*');
  }
}
