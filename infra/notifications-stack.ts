import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ExternalTriggers } from './capabilities/external-triggers.ts';
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

/** Tells teams what happened, and hears what happened elsewhere; nothing waits for it. */
export class NotificationsStack extends Stack {
  /** By path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;

  constructor(scope: Construct, id: string, { service, ...props }: NotificationsStackProps) {
    super(scope, id, { description: 'Runway: incidents, notifications, triggers from outside; can be recreated' });
    const { bus, routingBucket } = service;
    const shared = { ...props, bus, routingBucket, alarms: props.monitoring.alarms };
    const notifications = new Notifications(this, 'Notifications', shared);
    const triggers = new ExternalTriggers(this, 'Triggers', shared);
    this.functions = new Map([...notifications.functions, ...triggers.functions]);
  }
}
