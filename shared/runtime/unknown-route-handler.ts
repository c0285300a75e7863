import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { RunwayError } from '../domain/errors.ts';
import { type HttpEvent, readCorrelationId } from './http-request.ts';
import { problemOf } from './problem.ts';

/** Answers what no route matches; the gateway's own answer would be no problem document. */
export async function unknownRouteHandler(event: HttpEvent): Promise<APIGatewayProxyStructuredResultV2> {
  const { method, path } = event.requestContext.http;
  const correlationId = readCorrelationId(event);
  const message = `no route ${method} ${path}; GET /v1/openapi.json lists them`;
  return {
    statusCode: 404,
    headers: { 'content-type': 'application/problem+json', 'x-correlation-id': correlationId },
    body: JSON.stringify(problemOf(new RunwayError('NotFound', 'unknown-route', message), correlationId)),
  };
}
