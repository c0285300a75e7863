import { CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import {
  CfnStage,
  type HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { backgroundFunctions } from '../../shared/names.ts';
import { routes } from '../../shared/routes.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import { accept } from './accept.ts';
import type { Alarms } from './alarm.ts';
import { addApiAlarms } from './api-alarms.ts';
import { apiAddress } from './custom-domain.ts';
import type { RuntimeFunction } from './runtime-function.ts';

export interface RunwayApiProps {
  readonly settings: Settings;
  readonly api: HttpApi;
  readonly jwt: JwtSettings;
  /** By path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;
  readonly alarms: Alarms;
}

/** Whose tokens the API trusts, and for whom they must be made. */
export type JwtSettings = { readonly issuer: string; readonly audience: string };

/** The API's host name, as CloudFront wants it of an origin. */
export function apiHost(api: HttpApi): string {
  return Fn.select(2, Fn.split('/', api.apiEndpoint));
}

/** The HTTP API: every entry of `routes` in `shared/names.ts`, behind the JWT authoriser unless the entry says otherwise. */
export class RunwayApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: RunwayApiProps) {
    super(scope, id);
    const { api } = props;
    const jwt = new HttpJwtAuthorizer('Jwt', props.jwt.issuer, { jwtAudience: [props.jwt.audience] });
    for (const [operation, route] of Object.entries(routes)) {
      const made = api.addRoutes({
        path: route.path,
        methods: [route.method as HttpMethod],
        integration: this.integration(operation, route.function, props),
        authorizer: route.authorizer === 'jwt' ? jwt : new HttpNoneAuthorizer(),
      });
      if (route.authorizer === 'none')
        acceptOpen(
          made,
          'Is documentation without data, or takes a signature, which its function verifies, for a token',
        );
    }
    const unknownRoute = new HttpRoute(this, 'UnknownRoute', {
      httpApi: api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: this.integration('unknownRoute', backgroundFunctions.answerUnknownRoute, props),
      authorizer: new HttpNoneAuthorizer(),
    });
    acceptOpen([unknownRoute], 'Answers 404 to everybody, without data');
    this.stageSettings(api, props.settings);
    addApiAlarms(props.alarms, api);
    this.url = apiAddress(this, props.settings, api);
    new CfnOutput(Stack.of(this), 'ApiUrl', { value: this.url });
  }

  private integration(operation: string, path: string, props: RunwayApiProps): HttpLambdaIntegration {
    const target = props.functions.get(path);
    if (!target) throw new Error(`route ${operation}: no capability made ${path}`);
    readsClaims(target, props.settings);
    return new HttpLambdaIntegration(`${operation}Integration`, target.lambda);
  }

  private stageSettings(api: HttpApi, settings: Settings): void {
    const logs = new LogGroup(this, 'AccessLogs', { retention: settings.logRetentionDays as RetentionDays });
    const stage = api.defaultStage?.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error('the HTTP API has no default stage');
    // A fifth of what an account has by default, so that a flood here leaves the account's other APIs theirs.
    stage.defaultRouteSettings = { throttlingRateLimit: 2_000, throttlingBurstLimit: 1_000 };
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

function acceptOpen(made: readonly HttpRoute[], reason: string): void {
  for (const route of made) accept(route, 'AwsSolutions-APIG4', reason);
}

/** Claims of another issuer than Cognito, by the names that the stage gives. */
function readsClaims(target: RuntimeFunction, { rolesClaim, subjectClaim }: Settings): void {
  if (rolesClaim !== defaultSettings.rolesClaim) target.set('ROLES_CLAIM', rolesClaim);
  if (subjectClaim !== defaultSettings.subjectClaim) target.set('SUBJECT_CLAIM', subjectClaim);
}
