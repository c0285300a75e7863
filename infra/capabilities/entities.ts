import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';

/** What is known of an asset, what it depends on, what depends on it; and how others' assets come in. */
export class Entities extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    this.function('graph/list-entity-types');
    this.walker('graph/get-entity').allow(['dynamodb:BatchGetItem'], [props.state.graphTable.tableArn]);
    const walkers = ['get-entity-lineage', 'get-entity-impact', 'find-path', 'list-entity-cycles'];
    for (const name of [...walkers, 'list-deprecation-candidates']) this.walker(`graph/${name}`);
    // Heads of the versions that are compared, too.
    this.readsEvents(this.walker('graph/compare-dependencies'));
  }

  private walker(path: string): RuntimeFunction {
    return this.walksGraph(this.function(path, { timeout: Duration.seconds(29), memory: 1_769 }));
  }
}
