import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Notifications } from './capabilities/notifications.ts';
import type { MonitoringStack } from './monitoring-stack.ts';
import type { RuntimeFunction } from './parts/runtime-function.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface NotificationsStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly monitoring: MonitoringStack;
  readonly service: ServiceStack;
}

/** Hears of what happened on the bus and tells the teams; nothing waits for it. */
export class NotificationsStack extends Stack {
  /** By path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;

  constructor(scope: Construct, id: string, { service, ...props }: NotificationsStackProps) {
    super(scope, id, { description: 'Runway: incidents and notifications; can be recreated' });
    const { bus, routingBucket } = service;
    const shared = { ...props, bus, routingBucket, alarms: props.monitoring.alarms };
    this.functions = new Notifications(this, 'Notifications', shared).functions;
  }
}
