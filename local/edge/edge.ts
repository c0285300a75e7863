import type { Incoming, Listener, Outgoing } from '../http/both-versions.ts';
import type { Permissions } from '../permissions/permissions.ts';
import { ServiceError } from '../types.ts';
import type { Action } from './action.ts';
import type { AllowedCall, EdgeService } from './backend.ts';
import type { Caller } from './callers.ts';
import { readCredential } from './credential.ts';
import { refuseAsJson, refuseAsXml } from './json-backend.ts';

export type EdgeOptions = {
  readonly services: Readonly<Record<string, EdgeService>>;
  readonly callers: ReadonlyMap<string, Caller>;
  readonly permissions: Permissions;
  readonly log: (message: string) => void;
  /** What a service answers instead of hearing of an allowed call. @default it hears of each */
  readonly fault?: Fault | undefined;
};

/** A service's failure, made for a test; undefined lets the call through. `caller` is an access key. */
export type Fault = (caller: string, actions: readonly Action[]) => ServiceError | undefined;

/**
 * The one way to every service: who signed, can the service be reached from where they run, may they do what they ask?
 * Only then does the service hear of it.
 */
export function createEdge({ services, callers, permissions, log, fault }: EdgeOptions): Listener {
  async function serve(request: Incoming, response: Outgoing, name: string, key: string): Promise<void> {
    const caller = callers.get(key);
    if (caller === undefined)
      throw new ServiceError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid',
        403,
      );
    const service = services[name];
    const obstacle = caller.obstacleTo(name);
    if (obstacle !== undefined) return hangUp(request, `${key} cannot reach ${name}: ${obstacle}`);
    if (service === undefined) throw new ServiceError('UnknownOperationException', `no service ${name} is emulated`);
    const call = await readCall(request, service, key);
    const actions = service.actionsOf(call);
    authorize(caller, actions);
    const failure = fault?.(key, actions);
    if (failure !== undefined) throw failure;
    await service.backend(call, response);
  }

  function authorize({ principal }: Caller, actions: readonly Action[]): void {
    for (const { action, resource, context } of actions) {
      const { refusal } = permissions.decide(principal, action, resource, context);
      if (refusal !== undefined) throw new ServiceError('AccessDeniedException', refusal, 403);
    }
  }

  /** As a network without a way: no answer, only sooner than a timeout. */
  function hangUp(request: Incoming, reason: string): void {
    log(`unreachable: ${reason}`);
    request.socket.destroy();
  }

  return async (request, response) => {
    let name = '';
    try {
      const credential = readCredential(request.headers.authorization, request.url?.split('?')[1] ?? '');
      name = credential.service;
      await serve(request, response, name, credential.accessKeyId);
    } catch (error) {
      if (response.headersSent || request.socket.destroyed) return;
      request.resume();
      refuse(response, name, contentTypeOf(request), asServiceError(error, request, log));
    }
  };
}

function asServiceError(error: unknown, request: Incoming, log: EdgeOptions['log']): ServiceError {
  const what = String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`);
  if (error instanceof ServiceError) {
    if (error.code === 'AccessDeniedException') log(`denied: ${error.message}`);
    return error;
  }
  log(`${what} failed: ${error instanceof Error ? error.stack : error}`);
  return new ServiceError('InternalFailure', 'the embedded cloud failed; see its log', 500);
}

function refuse(response: Outgoing, service: string, contentType: string, error: ServiceError): void {
  if (service === 's3') {
    refuseAsXml(response, error);
    return;
  }
  // Most JSON services answer 400 to whom they deny; only SQS and Neptune say 403.
  const isPlain = error.code === 'AccessDeniedException' && service !== 'sqs' && service !== 'neptune-db';
  refuseAsJson(response, isPlain ? new ServiceError(error.code, error.message) : error, contentType);
}

function contentTypeOf(request: Incoming): string {
  return request.headers['content-type'] ?? 'application/x-amz-json-1.0';
}

async function readCall(request: Incoming, service: EdgeService, caller: string): Promise<AllowedCall> {
  const { method = 'GET', url = '/', headers } = request;
  const [path = '/', query = ''] = url.split('?', 2);
  const head = { request, method, path, query, headers, caller, contentType: contentTypeOf(request) };
  if (service.targetPrefixes.length === 0 && !path.toLowerCase().startsWith('/opencypher'))
    return { ...head, operation: '', input: {}, body: Buffer.alloc(0) };
  const [prefix = '', operation = '', ...more] = String(headers['x-amz-target'] ?? '').split('.');
  const isKnown = service.targetPrefixes.length === 0 || (service.targetPrefixes.includes(prefix) && more.length === 0);
  if (!isKnown) throw new ServiceError('UnknownOperationException', `${prefix} is no target of this service`);
  const body = await bodyOf(request);
  return { ...head, operation, body, input: parse(body, head.contentType) };
}

/** API Gateway takes no more than this; queues, tables and workflows take less. */
const maximumBodyBytes = 16 * 1024 * 1024;

function bodyOf(request: Incoming): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maximumBodyBytes)
        reject(new ServiceError('RequestEntityTooLargeException', 'the body is too large', 413));
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
  });
}

function parse(body: Buffer, contentType: string): Record<string, unknown> {
  if (contentType.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body.toString()));
  try {
    const input: unknown = JSON.parse(body.length === 0 ? '{}' : body.toString());
    if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  } catch {
    // Falls through to the same answer as a body that is no object.
  }
  throw new ServiceError('SerializationException', 'the body is not a JSON object');
}
