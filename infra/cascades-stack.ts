import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Cascades } from './capabilities/cascades.ts';
import type { MonitoringStack } from './monitoring-stack.ts';
import type { RuntimeFunction } from './parts/runtime-function.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface CascadesStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly monitoring: MonitoringStack;
  readonly service: ServiceStack;
}

/** What follows promotions, and what people do to the queue; apart from the service, which has hardly room for more. */
export class CascadesStack extends Stack {
  /** By path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;

  constructor(scope: Construct, id: string, { service, ...props }: CascadesStackProps) {
    super(scope, id, { description: 'Runway: cascades and changes to the retrain queue; can be recreated' });
    const { bus, routingBucket, retrainWorkflow } = service;
    const shared = { ...props, bus, routingBucket, alarms: props.monitoring.alarms };
    this.functions = new Cascades(this, 'Cascades', { ...shared, retrainWorkflow }).functions;
  }
}
