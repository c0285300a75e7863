import { App, Tags } from 'aws-cdk-lib';
import { readArguments } from './arguments.ts';
import { MonitoringStack } from './monitoring-stack.ts';
import { bundleFunctions } from './parts/bundle.ts';
import { ServiceStack } from './service-stack.ts';
import { readSettings } from './settings.ts';
import { StateStack } from './state-stack.ts';

const app = new App(readArguments(process.argv.slice(2)));
const settings = readSettings(app);
bundleFunctions();

const state = new StateStack(app, `Runway-${settings.stage}-State`, { settings });
const monitoring = new MonitoringStack(app, `Runway-${settings.stage}-Monitoring`, { settings, state });
new ServiceStack(app, `Runway-${settings.stage}-Service`, { settings, state, monitoring });
Tags.of(app).add('application', 'runway');
Tags.of(app).add('stage', settings.stage);
app.synth();
