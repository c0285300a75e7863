import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Cascades } from './capabilities/cascades.ts';
import { RolloutPeople } from './capabilities/rollout-people.ts';
import { Runs } from './capabilities/runs.ts';
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

/** What follows promotions, what people do to the queue and to rollouts, and the runs of orchestrators; apart from the service, which has hardly room for more. */
export class CascadesStack extends Stack {
  /** By path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;

  constructor(scope: Construct, id: string, { service, ...props }: CascadesStackProps) {
    super(scope, id, {
      description:
        'Runway: cascades, changes to the retrain queue and to rollouts, runs of orchestrators; can be recreated',
    });
    const { bus, routingBucket, retrainWorkflow, rolloutWorkflow } = service;
    const shared = { ...props, bus, routingBucket, alarms: props.monitoring.alarms };
    const cascades = new Cascades(this, 'Cascades', { ...shared, retrainWorkflow });
    const runs = new Runs(this, 'Runs', { ...shared, retrainWorkflow });
    const people = new RolloutPeople(this, 'RolloutPeople', { ...shared, rolloutWorkflow });
    this.functions = new Map([cascades, runs, people].flatMap(({ functions }) => [...functions]));
  }
}
