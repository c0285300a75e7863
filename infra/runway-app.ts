import { App, type AppProps, Tags } from 'aws-cdk-lib';
import { ApiStack } from './api-stack.ts';
import { CascadesStack } from './cascades-stack.ts';
import { DetectionCanaryStack } from './detection-canary-stack.ts';
import { GraphStack } from './graph-stack.ts';
import { GroundTruthBatchStack } from './ground-truth-batch-stack.ts';
import { MonitoringStack } from './monitoring-stack.ts';
import { NotificationsStack } from './notifications-stack.ts';
import { addDashboard } from './parts/dashboard.ts';
import { ServiceStack } from './service-stack.ts';
import { readSettings } from './settings.ts';
import { StateStack } from './state-stack.ts';

/** All stacks of the stage that the context chooses; the functions have to be bundled. */
export function runwayApp(props: AppProps): App {
  const app = new App(props);
  const settings = readSettings(app);
  const state = new StateStack(app, `Runway-${settings.stage}-State`, { settings });
  const monitoring = new MonitoringStack(app, `Runway-${settings.stage}-Monitoring`, { settings, state });
  const service = new ServiceStack(app, `Runway-${settings.stage}-Service`, { settings, state, monitoring });
  const shared = { settings, state, monitoring, service };
  const notifications = new NotificationsStack(app, `Runway-${settings.stage}-Notifications`, shared);
  const cascades = new CascadesStack(app, `Runway-${settings.stage}-Cascades`, shared);
  const graph = new GraphStack(app, `Runway-${settings.stage}-Graph`, shared);
  const functions = new Map([service, notifications, cascades, graph].flatMap((stack) => [...stack.functions]));
  const api = new ApiStack(app, `Runway-${settings.stage}-Api`, { ...shared, functions });
  new GroundTruthBatchStack(app, `Runway-${settings.stage}-GroundTruthBatch`, shared);
  if (settings.detectionCanary === 'on')
    new DetectionCanaryStack(app, `Runway-${settings.stage}-DetectionCanary`, shared);
  // Last, for it shows every alarm.
  addDashboard(monitoring, 'Dashboard', { alarms: monitoring.alarms, state, api: api.httpApi, service });
  Tags.of(app).add('application', 'runway');
  Tags.of(app).add('stage', settings.stage);
  return app;
}
