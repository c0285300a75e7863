import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { everyMinutes } from '../parts/schedule.ts';

/** What follows from what is known: inferred relations, people's overrides and suggestions, how good the metadata are. */
export class Enrichment extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    this.infers();
    for (const path of [
      'get-similar-entities',
      'get-metadata-quality',
      'get-team-metadata-quality',
      'list-suggestions',
      'list-edge-overrides',
    ])
      this.walker(`graph/${path}`);
    for (const path of ['set-edge-override', 'withdraw-edge-override']) this.decides(`graph/${path}`);
    this.remembersKeys(this.decides('graph/decide-suggestion'));
  }

  /** Writes what a person says of an edge. */
  private decides(path: string): RuntimeFunction {
    return this.walker(path).allow(
      ['dynamodb:BatchGetItem', 'dynamodb:PutItem'],
      [this.shared.state.graphTable.tableArn],
    );
  }

  /** Holds the whole graph in memory. */
  private walker(path: string): RuntimeFunction {
    return this.walksGraph(this.function(path, { timeout: Duration.seconds(29), memory: 1_769 }));
  }

  private infers(): void {
    const { state, alarms, settings } = this.shared;
    // The whole graph is held in memory.
    const enrich = this.walksGraph(
      this.function('graph/enrich', { timeout: Duration.minutes(10), memory: 1_769 }),
    ).allow(
      ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      [state.graphTable.tableArn],
    );
    everyMinutes(this, 'EnrichmentSchedule', {
      // What users see of a change waits at most this long for what follows from it.
      minutes: settings.graphIntervalMinutes,
      target: enrich,
      description: 'Infers relations from what has changed, and ends overrides that have expired',
      alarms,
    });
  }
}
