import { CfnOutput, Stack } from 'aws-cdk-lib';
import {
  CfnStage,
  HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { backgroundFunctions, routes } from '../../shared/names.ts';
import type { Settings } from '../settings.ts';
import type { StateStack } from '../state-stack.ts';
import type { RuntimeFunction } from './runtime-function.ts';

export interface RunwayApiProps {
  readonly settings: Settings;
  readonly state: StateStack;
  /** By path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;
}

/** The HTTP API: every entry of `routes` in `shared/names.ts`, behind the JWT authoriser unless the entry says otherwise. */
export class RunwayApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: RunwayApiProps) {
    super(scope, id);
    const { userPool, userPoolClient } = props.state;
    const issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${userPool.userPoolId}`;
    const jwt = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [userPoolClient.userPoolClientId] });
    const api = new HttpApi(this, 'Api', { description: 'Runway', createDefaultStage: true });
    for (const [operation, route] of Object.entries(routes)) {
      api.addRoutes({
        path: route.path,
        methods: [route.method as HttpMethod],
        integration: this.integration(operation, route.function, props),
        authorizer: route.authorizer === 'jwt' ? jwt : new HttpNoneAuthorizer(),
      });
    }
    new HttpRoute(this, 'UnknownRoute', {
      httpApi: api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: this.integration('unknownRoute', backgroundFunctions.answerUnknownRoute, props),
      authorizer: new HttpNoneAuthorizer(),
    });
    this.accessLogs(api, props.settings);
    this.url = api.apiEndpoint;
    new CfnOutput(Stack.of(this), 'ApiUrl', { value: this.url });
  }

  private integration(operation: string, path: string, props: RunwayApiProps): HttpLambdaIntegration {
    const target = props.functions.get(path);
    if (!target) throw new Error(`route ${operation}: no capability made ${path}`);
    return new HttpLambdaIntegration(`${operation}Integration`, target.lambda);
  }

  private accessLogs(api: HttpApi, settings: Settings): void {
    const logs = new LogGroup(this, 'AccessLogs', { retention: settings.logRetentionDays as RetentionDays });
    const stage = api.defaultStage?.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error('the HTTP API has no default stage');
    stage.accessLogSettings = {
      destinationArn: logs.logGroupArn,
      format: JSON.stringify({
        requestId: '$context.requestId',
        route: '$context.routeKey',
        status: '$context.status',
        latency: '$context.responseLatency',
        subject: '$context.authorizer.claims.sub',
      }),
    };
  }
}
