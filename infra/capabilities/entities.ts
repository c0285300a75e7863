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
    for (const path of ['graph/get-entity-lineage', 'graph/get-entity-impact']) this.walker(path);
  }

  private walker(path: string): RuntimeFunction {
    return this.walksGraph(this.function(path, { timeout: Duration.seconds(29), memory: 1_769 }));
  }
}
