import type { Outgoing } from '../http/both-versions.ts';
import type { JsonService, ServiceError } from '../types.ts';
import type { Backend } from './backend.ts';

// Clients of the old query protocol know these errors by other names.
const queryErrors: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

/** A service of our own behind an AWS JSON protocol. */
export function jsonBackend(service: JsonService): Backend {
  return async ({ operation, input, caller, contentType }, response) => {
    const output = (await service.handle(operation, input, caller)) ?? {};
    send(response, 200, { 'content-type': contentType }, JSON.stringify(output));
  };
}

/** The error as JSON protocols write it. */
export function refuseAsJson(response: Outgoing, { code, message, status }: ServiceError, contentType: string): void {
  const query = queryErrors[code];
  const headers = {
    'content-type': contentType,
    'x-amzn-errortype': code,
    ...(query === undefined ? {} : { 'x-amzn-query-error': `${query};Sender` }),
  };
  send(response, status, headers, JSON.stringify({ __type: code, message }));
}

/** The error as S3 writes it; S3 calls some of them by other names. */
export function refuseAsXml(response: Outgoing, error: ServiceError): void {
  const code = xmlCodes[error.code] ?? error.code;
  const message = error.message.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  send(response, error.status, { 'content-type': 'application/xml' }, body);
}

const xmlCodes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  IncompleteSignatureException: 'AccessDenied',
  MissingAuthenticationTokenException: 'AccessDenied',
  UnrecognizedClientException: 'InvalidAccessKeyId',
};

function send(response: Outgoing, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // Typed apart for the two versions, but called alike.
  (response as import('node:http').ServerResponse).writeHead(status).end(body);
}
