import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { InvocationResult } from '../types.ts';

export type Invocation = {
  readonly requestId: string;
  readonly functionArn: string;
  /** JSON. */
  readonly payload: string;
  readonly timeoutMilliseconds: number;
};

/** Lambda's Runtime API for one process. Source: Lambda developer guide, "Using the Lambda runtime API". */
export interface RuntimeApi {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Hands the invocation to the process when it asks for the next. */
  offer(invocation: Invocation): void;
  close(): void;
}

export type RuntimeApiListener = {
  /** The process has taken the invocation. */
  readonly onTaken: () => void;
  readonly onAnswer: (requestId: string, result: InvocationResult) => void;
  readonly onInitError: (result: InvocationResult) => void;
};

const errorSchema = z.object({
  errorType: z.string().nullish(),
  errorMessage: z.string().nullish(),
  trace: z.array(z.string()).optional(),
});

/** Functions may answer with at most this. */
const maximumResponseBytes = 6_291_556;

/** Listens on a port of its own, which is how the process is known. */
export async function startRuntimeApi(listener: RuntimeApiListener): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let offered: Invocation | undefined;

  function hand(): void {
    if (waiting === undefined || offered === undefined) return;
    const { requestId, functionArn, payload, timeoutMilliseconds } = offered;
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMilliseconds),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': newTrace(),
    });
    waiting.end(payload);
    waiting = undefined;
    offered = undefined;
    listener.onTaken();
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [subject, requestId = '', outcome] = (request.url ?? '').replace('/2018-06-01/runtime/', '').split('/');
    if (subject === 'invocation' && requestId === 'next') {
      waiting = response;
      return hand();
    }
    // The port is on the machine's own interface, where anybody may ask for anything.
    if (request.method !== 'POST' || (subject !== 'init' && subject !== 'invocation'))
      return void response.writeHead(404).end();
    const body = await text(request);
    const result = outcome === 'response' ? success(body) : failure(body);
    response.writeHead(202).end();
    if (subject === 'init') listener.onInitError(result);
    else listener.onAnswer(decodeURIComponent(requestId), result);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // Once it was accepted, what fails is the cloud's own fault and must not be lost.
      if (response.headersSent) throw error;
      response.writeHead(400).end();
    });
  });
  // A connection may rest for hours between two invocations; dropping it would race with the next answer.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    offer(invocation) {
      offered = invocation;
      hand();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A trace of its own for each invocation, not sampled: nobody collects it. Source: X-Ray's tracing header. */
function newTrace(): string {
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}

function success(body: string): InvocationResult {
  if (Buffer.byteLength(body) > maximumResponseBytes) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${maximumResponseBytes} bytes).`;
    return { ok: false, errorType: 'Function.ResponseSizeTooLarge', errorMessage };
  }
  return { ok: true, payload: JSON.parse(body) };
}

function failure(body: string): InvocationResult {
  const { errorType, errorMessage, trace } = errorSchema.parse(JSON.parse(body));
  return {
    ok: false,
    errorType: errorType ?? 'Error',
    errorMessage: errorMessage ?? '',
    ...(trace === undefined ? {} : { trace }),
  };
}
