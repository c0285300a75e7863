import { CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Graph } from './capabilities/graph.ts';
import { GroundTruth } from './capabilities/ground-truth.ts';
import { Health } from './capabilities/health.ts';
import { Registry } from './capabilities/registry.ts';
import { Retraining } from './capabilities/retraining.ts';
import { Rollout } from './capabilities/rollout.ts';
import type { MonitoringStack } from './monitoring-stack.ts';
import { addDashboard } from './parts/dashboard.ts';
import { RunwayApi } from './parts/http-api.ts';
import { portalClient } from './parts/portal-client.ts';
import { Web } from './parts/web.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface ServiceStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  /** Takes the alarms of everything that is made here. */
  readonly monitoring: MonitoringStack;
}

/** What can be deleted and created again without losing anything. */
export class ServiceStack extends Stack {
  readonly bus: IEventBus;
  readonly routingBucket: IBucket;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, { description: 'Runway: functions, workflows, API and schedules; can be recreated' });
    const bus = new EventBus(this, 'Bus', { description: 'Domain events of Runway' });
    const api = new HttpApi(this, 'Api', { description: 'Runway', createDefaultStage: true });
    const { issuerUrl, signInUrl, userPool } = props.state;
    const { oidcIssuer, oidcAudience } = props.settings;
    const signInUrls = oidcIssuer === undefined ? [issuerUrl, signInUrl] : [oidcIssuer];
    const web = new Web(this, 'Web', { api, signInUrls, settings: props.settings });
    const client = portalClient(this, userPool, web.url);
    const { alarms } = props.monitoring;
    this.bus = bus;
    this.routingBucket = web.routingBucket;
    const shared = { ...props, bus, routingBucket: web.routingBucket, alarms };

    const registry = new Registry(this, 'Registry', shared);
    const graph = new Graph(this, 'Graph', shared);
    const groundTruth = new GroundTruth(this, 'GroundTruth', shared);
    const health = new Health(this, 'Health', shared);
    const rollout = new Rollout(this, 'Rollout', shared);
    const retraining = new Retraining(this, 'Retraining', { ...shared, rolloutWorkflow: rollout.workflow });
    rollout.allowStart(registry.deployVersion);
    health.allowRequest(registry.registerVersion);

    const capabilities = [registry, graph, groundTruth, health, rollout, retraining];
    const functions = new Map(capabilities.flatMap((capability) => [...capability.functions]));
    const jwt = { issuer: oidcIssuer ?? issuerUrl, audience: oidcAudience ?? client.userPoolClientId };
    new RunwayApi(this, 'Http', { ...props, api, jwt, alarms, functions });
    new CfnOutput(this, 'TokenIssuer', { value: jwt.issuer });
    new CfnOutput(this, 'TokenAudience', { value: jwt.audience });
    addDashboard(props.monitoring, 'Dashboard', {
      ...props,
      alarms,
      api,
      join: groundTruth.functions.get('ground-truth/join-events')!.lambda,
      relay: registry.functions.get('registry/relay-events')!.lambda,
      queues: retraining.queues,
      serviceStackName: this.stackName,
    });
    new CfnOutput(this, 'UserPoolClientId', { value: client.userPoolClientId });
    new CfnOutput(this, 'TrainingRequestQueueUrl', { value: retraining.trainingRequests.queueUrl });
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
  }
}
