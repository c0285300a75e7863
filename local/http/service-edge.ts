import { type JsonService, ServiceError } from '../types.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './server.ts';

// Clients of the old query protocol know these errors by other names.
const queryErrors: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

/** One endpoint for every service with an AWS JSON protocol: `X-Amz-Target: <prefix>.<operation>`. */
export function createServiceEdge(services: readonly JsonService[], log: (message: string) => void): HttpHandler {
  const byPrefix = new Map(services.map((service) => [service.targetPrefix, service]));

  async function call(request: HttpRequest): Promise<unknown> {
    const [prefix = '', operation = ''] = (request.headers['x-amz-target'] ?? '').split('.');
    const service = byPrefix.get(prefix);
    if (service === undefined) throw new ServiceError('UnknownOperationException', `no service ${prefix} is emulated`);
    return service.handle(operation, parse(request.body), callerOf(request));
  }

  return async (request) => {
    try {
      return answer(request, 200, (await call(request)) ?? {});
    } catch (error) {
      if (error instanceof ServiceError) return refusal(request, error);
      log(`${request.headers['x-amz-target']} failed: ${error instanceof Error ? error.stack : error}`);
      return refusal(request, new ServiceError('InternalFailure', 'the embedded cloud failed; see its log', 500));
    }
  };
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(body.length === 0 ? '{}' : body.toString());
    if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  } catch {
    // Falls through to the same answer as a body that is no object.
  }
  throw new ServiceError('SerializationException', 'the body is not a JSON object');
}

/** The access key that signed, which tells functions apart; signatures are not verified. */
function callerOf(request: HttpRequest): string {
  return /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function answer(
  request: HttpRequest,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResponse {
  const contentType = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
  return { status, headers: { 'content-type': contentType, ...headers }, body: JSON.stringify(body) };
}

function refusal(request: HttpRequest, { code, message, status }: ServiceError): HttpResponse {
  const query = queryErrors[code];
  const headers = {
    'x-amzn-errortype': code,
    ...(query === undefined ? {} : { 'x-amzn-query-error': `${query};Sender` }),
  };
  return answer(request, status, { __type: code, message }, headers);
}
