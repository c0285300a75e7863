import * as z from 'zod';
import { arn } from '../edge/action.ts';
import { maximumPayloadBytes } from '../lambda/functions.ts';
import { parseProperties, unsupported } from '../services/properties.ts';
import type { LoadedTemplate } from '../template/load-template.ts';
import type { Clock, Functions, Guard, ResolvedResource } from '../types.ts';
import { type Cors, createCors } from './cors.ts';
import type { Issuer } from './issuer.ts';
import { type Authorizer, createJwtAuthorizer } from './jwt-authorizer.ts';
import { fromProxyResult, toProxyEvent } from './proxy-event.ts';
import { createRoutes } from './routes.ts';
import { type HttpHandler, type HttpRequest, type HttpResponse, json } from './server.ts';

export type HttpApiOptions = {
  readonly template: Pick<LoadedTemplate, 'ofType'>;
  readonly functions: Functions;
  readonly clock: Clock;
  readonly issuer: Issuer;
  /** Asked before the API calls a function. */
  readonly guard: Guard;
};

const integrationProperties = z.object({
  IntegrationType: z.literal('AWS_PROXY', 'only AWS_PROXY is emulated'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0', 'only payload format 2.0 is emulated'),
  TimeoutInMillis: z.number().default(30_000),
});
const routeProperties = z.object({
  RouteKey: z.string(),
  Target: z.string().regex(/^integrations\//),
  AuthorizationType: z.enum(['NONE', 'JWT'], 'only NONE and JWT are emulated').default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
});
const stageProperties = z.object({ StageName: z.string() });

type Target = {
  /** As the integration names it: of a function, a version or an alias. */
  readonly functionArn: string;
  readonly timeoutMilliseconds: number;
  readonly authorizer: Authorizer | undefined;
  readonly scopes: readonly string[];
};

/** The template's HTTP API. Throws an Error naming what of it is not emulated. */
export function createHttpApi({ template, functions, clock, issuer, guard }: HttpApiOptions): HttpHandler {
  const [api, second] = template.ofType('AWS::ApiGatewayV2::Api');
  const notFound = json(404, { message: 'Not Found' });
  if (api === undefined) return async () => notFound;
  if (second !== undefined) throw unsupported(second, 'only one HTTP API is emulated');
  const stages = template.ofType('AWS::ApiGatewayV2::Stage').map((stage) => parseProperties(stage, stageProperties));
  const match = createRoutes(
    template.ofType('AWS::ApiGatewayV2::Route').map((route) => readRoute(route, template, issuer)),
  );
  const cors: Cors | undefined = createCors(api);

  async function serve(request: HttpRequest, stage: string, path: string): Promise<HttpResponse> {
    const route = match(request.method, path);
    if (route === undefined) return notFound;
    const { authorizer, scopes, functionArn, timeoutMilliseconds } = route.value;
    const authorization = await authorizer?.(request, scopes);
    if (authorization?.ok === false) return authorization.response;
    const { routeKey, pathParameters } = route;
    const sourceArn = arn('execute-api', `${api?.physicalName}/${stage}/${routeKey.replace(' ', '')}`);
    const call = { principal: 'apigateway.amazonaws.com', action: 'lambda:InvokeFunction', resource: functionArn };
    if (guard({ ...call, sourceArn }) !== undefined) return json(500, { message: 'Internal Server Error' });
    const claims = authorization?.claims;
    const context = { apiId: api?.physicalName ?? '', stage, routeKey, pathParameters, claims, now: clock.now() };
    const event = toProxyEvent(request, context);
    if ((event.body?.length ?? 0) > maximumPayloadBytes) return json(413, { message: 'Request Entity Too Large' });
    const result = await within(timeoutMilliseconds, functions.invoke(functionArn, event));
    return result === undefined ? json(503, { message: 'Service Unavailable' }) : fromProxyResult(result);
  }

  return async (request) => {
    const preflight = cors?.preflight(request);
    if (preflight !== undefined) return preflight;
    const [, first = ''] = request.path.split('/');
    const named = stages.find((stage) => stage.StageName === first);
    const stage = named ?? stages.find((candidate) => candidate.StageName === '$default');
    if (stage === undefined) return notFound;
    try {
      const path = named === undefined ? request.path : request.path.slice(first.length + 1) || '/';
      const response = await serve(request, stage.StageName, path);
      return cors?.decorate(request, response) ?? response;
    } catch (error) {
      if (error instanceof URIError) return json(400, { message: 'Bad Request' });
      throw error;
    }
  };
}

function readRoute(
  route: ResolvedResource,
  template: Pick<LoadedTemplate, 'ofType'>,
  issuer: Issuer,
): readonly [string, Target] {
  const { RouteKey, Target, AuthorizationType, AuthorizerId, AuthorizationScopes } = parseProperties(
    route,
    routeProperties,
  );
  const find = (type: string, id: string | undefined) => {
    const found = template.ofType(type).find((resource) => resource.physicalName === id);
    if (found === undefined) throw unsupported(route, `no ${type} ${id} in the template`);
    return found;
  };
  const integration = find('AWS::ApiGatewayV2::Integration', Target.slice('integrations/'.length));
  const { IntegrationUri, TimeoutInMillis } = parseProperties(integration, integrationProperties);
  const isOpen = AuthorizationType === 'NONE';
  const target: Target = {
    // Either the function's ARN, or that ARN within the path of Lambda's own API.
    functionArn: /functions\/(arn:.+)\/invocations$/.exec(IntegrationUri)?.[1] ?? IntegrationUri,
    timeoutMilliseconds: TimeoutInMillis,
    authorizer: isOpen ? undefined : createJwtAuthorizer(find('AWS::ApiGatewayV2::Authorizer', AuthorizerId), issuer),
    scopes: AuthorizationScopes,
  };
  return [RouteKey, target];
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
