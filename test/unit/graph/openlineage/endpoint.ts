import { createMemoryEventCounter } from '../../../../shared/adapters/memory/memory-event-counter.ts';
import { postLineage, postLineageBatch } from '../../../../shared/api/lineage.ts';
import { newWriter, type WriterState } from '../../../../shared/domain/ground-truth/writer.ts';
import { lineageKey } from '../../../../shared/domain/ground-truth/writer-key.ts';
import { apiHandler } from '../../../../shared/runtime/api-handler.ts';
import type { HttpEvent } from '../../../../shared/runtime/http-request.ts';
import { acceptLineage, acceptLineageBatch } from '../../../../shared/use-cases/graph/openlineage/accept-lineage.ts';
import { now } from './graph-of.ts';

const root = 'root';
export const writerName = 'flights/air.flow';
export const key = lineageKey(root, writerName, 1);

type Given = { readonly writer?: Partial<WriterState> | undefined; readonly inboxFails?: Error };

/** Both routes as their functions serve them, and what they kept. */
export function endpoint({ writer, inboxFails }: Given = {}) {
  const kept: unknown[] = [];
  const state: WriterState = { ...newWriter(writerName, now), scopes: ['lineage'], ...writer };
  const ports = {
    rootSecret: { read: async () => root },
    writers: { find: async (name: string) => (name === writerName ? state : undefined) },
    counter: createMemoryEventCounter(),
    inbox: {
      add: async (events: readonly unknown[]) => {
        if (inboxFails !== undefined) throw inboxFails;
        kept.push(...events);
      },
    },
  };
  const one = apiHandler(postLineage, {}, async ({ body: event, raw: { headers }, now }) =>
    (await acceptLineage(ports, { headers, event, now })) ? {} : { status: 200 },
  );
  const batch = apiHandler(postLineageBatch, {}, async ({ body: events, raw: { headers }, now }) => {
    const report = await acceptLineageBatch(ports, { headers, events, now });
    return report === undefined ? { status: 204 } : { body: report };
  });
  return { kept, ports, one, batch, post: (body: unknown, headers = {}) => one(requestOf(body, headers)) };
}

/** As API Gateway hands it over: text as it is, bytes as base64. */
export function requestOf(body: unknown, headers: Readonly<Record<string, string>> = {}): HttpEvent {
  const isBytes = body instanceof Uint8Array;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    version: '2.0',
    routeKey: '',
    rawPath: '/api/v1/lineage',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    requestContext: { requestId: 'r', timeEpoch: Date.parse(now) } as HttpEvent['requestContext'],
    body: isBytes ? Buffer.from(body).toString('base64') : text,
    isBase64Encoded: isBytes,
  };
}
