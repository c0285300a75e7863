import { CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import type { MonitoringStack } from './monitoring-stack.ts';
import { RunwayApi } from './parts/http-api.ts';
import { portalClient } from './parts/portal-client.ts';
import type { RuntimeFunction } from './parts/runtime-function.ts';
import { Web } from './parts/web.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface ApiStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  /** Takes the alarms of the API. */
  readonly monitoring: MonitoringStack;
  /** Holds most of the functions that answer. It knows nothing of this stack, so that neither waits for the other. */
  readonly service: ServiceStack;
  /** Of all stacks whose functions answer, by path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;
}

/** The doors: HTTP API, CloudFront, portal and its sign-in. Holds nothing but the portal's files. */
export class ApiStack extends Stack {
  readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, { settings, state, monitoring, service, functions }: ApiStackProps) {
    super(scope, id, { description: 'Runway: HTTP API, CloudFront and portal; can be recreated' });
    const api = new HttpApi(this, 'Api', { description: 'Runway', createDefaultStage: true });
    const { issuerUrl, signInUrl, userPool } = state;
    const { oidcIssuer, oidcAudience } = settings;
    const signInUrls = oidcIssuer === undefined ? [issuerUrl, signInUrl] : [oidcIssuer];
    const web = new Web(this, 'Web', { api, signInUrls, settings, routingBucket: service.routingBucket });
    const client = portalClient(this, userPool, web.url);
    const jwt = { issuer: oidcIssuer ?? issuerUrl, audience: oidcAudience ?? client.userPoolClientId };
    new RunwayApi(this, 'Http', { settings, api, jwt, alarms: monitoring.alarms, functions });
    new CfnOutput(this, 'TokenIssuer', { value: jwt.issuer });
    new CfnOutput(this, 'TokenAudience', { value: jwt.audience });
    new CfnOutput(this, 'UserPoolClientId', { value: client.userPoolClientId });
    this.httpApi = api;
  }
}
