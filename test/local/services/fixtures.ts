import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { openJournal } from '../../../local/journal.ts';
import {
  type Functions,
  type InvocationResult,
  type JsonService,
  type ResolvedResource,
  ServiceError,
} from '../../../local/types.ts';

export const start = Date.parse('2001-01-01T00:00:00Z');
export const minute = 60_000;
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** A folder that disappears with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'runway local '));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function virtualTime(path = ':memory:') {
  const journal = openJournal(path);
  return { journal, clock: createClock(journal, { mode: 'virtual', start }) };
}

/** A template resource as the services see it. */
export function resource(type: string, name: string, arn: string, properties: object): ResolvedResource {
  return { logicalId: name, type, physicalName: name, arn, properties: { ...properties } };
}

export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

export function queue(name: string, properties: object = {}): ResolvedResource {
  return resource('AWS::SQS::Queue', name, queueArn(name), properties);
}

/** Nothing is forbidden. */
export const unguarded = () => undefined;

export type Call = { readonly functionName: string; readonly event: unknown };

/** Functions that remember their calls and answer as `answer` says. */
export function fakeFunctions(answer: (call: Call) => InvocationResult | Promise<InvocationResult> = () => succeeded) {
  const calls: Call[] = [];
  const functions: Functions = {
    async invoke(functionName, event) {
      calls.push({ functionName, event });
      return answer({ functionName, event });
    },
  };
  return { functions, calls };
}

export const succeeded: InvocationResult = { ok: true, payload: undefined };
export const failed: InvocationResult = { ok: false, errorType: 'Poisoned', errorMessage: 'cannot read the record' };

/** Serves JSON services the way AWS clients call them. */
export async function serve(...services: readonly JsonService[]): Promise<string> {
  const server = createServer(async (request, response) => {
    const [prefix, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const service = services.find(({ targetPrefix }) => targetPrefix === prefix);
    try {
      const output = await service?.handle(operation, JSON.parse(await bodyOf(request)), 'AIDALOCAL');
      response.end(JSON.stringify(output));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      response.statusCode = error.status;
      response.end(JSON.stringify({ __type: error.code, message: error.message }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
