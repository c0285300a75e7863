import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BatchJoin } from './capabilities/batch-join.ts';
import { GroundTruthBatch } from './capabilities/ground-truth-batch.ts';
import type { MonitoringStack } from './monitoring-stack.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface GroundTruthBatchStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly monitoring: MonitoringStack;
  readonly service: ServiceStack;
}

/** The archive of raw events and the batch join; what it writes is in the state stack. */
export class GroundTruthBatchStack extends Stack {
  constructor(scope: Construct, id: string, { service, ...props }: GroundTruthBatchStackProps) {
    super(scope, id, { description: 'Runway: archive of raw events and batch join; can be recreated' });
    const { bus, routingBucket } = service;
    const shared = { ...props, bus, routingBucket, alarms: props.monitoring.alarms };
    new GroundTruthBatch(this, 'GroundTruthBatch', shared);
    new BatchJoin(this, 'BatchJoin', shared);
  }
}
