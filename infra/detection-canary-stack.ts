import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DetectionCanary } from './capabilities/detection-canary.ts';
import type { MonitoringStack } from './monitoring-stack.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface DetectionCanaryStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly monitoring: MonitoringStack;
  readonly service: ServiceStack;
}

/** A tenant of our own, apart from what it watches: a stage may go without it, and a stack has room for 500 resources. */
export class DetectionCanaryStack extends Stack {
  constructor(scope: Construct, id: string, { service, ...props }: DetectionCanaryStackProps) {
    super(scope, id, { description: 'Runway: the tenant that drift is injected into; can be recreated' });
    const { bus, routingBucket } = service;
    new DetectionCanary(this, 'DetectionCanary', { ...props, bus, routingBucket, alarms: props.monitoring.alarms });
  }
}
