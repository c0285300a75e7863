import { Agent, type IncomingHttpHeaders, request as send } from 'node:http';
import type { Outgoing } from '../http/both-versions.ts';
import type { Backend } from './backend.ts';

// A connection that the engine closed while it rested would fail the next request.
const restMilliseconds = 4_000;

/** Passes a request on to an engine in a process of its own, over connections that stay open. */
export function forwardTo(endpoint: string): Backend & { stop(): void } {
  const agent = new Agent({ keepAlive: true, timeout: restMilliseconds, maxSockets: 256 });
  const { hostname, port } = new URL(endpoint);
  const backend: Backend = ({ request, body }, response) =>
    new Promise((resolve, reject) => {
      const options = {
        agent,
        hostname,
        port,
        method: request.method,
        path: request.url,
        headers: passed(request.headers),
      };
      const onward = send(options, (answer) => {
        copyHead(answer, response);
        answer.pipe(response as NodeJS.WritableStream).once('finish', resolve);
        answer.once('error', reject);
      });
      onward.once('error', reject).end(body);
    });
  return Object.assign(backend, { stop: () => agent.destroy() });
}

const hops = ['connection', 'host', 'keep-alive', 'transfer-encoding', 'upgrade', 'http2-settings'];

function passed(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':') && !hops.includes(name)));
}

function copyHead(
  answer: { readonly statusCode?: number | undefined; readonly headers: IncomingHttpHeaders },
  response: Outgoing,
) {
  response.statusCode = answer.statusCode ?? 502;
  for (const [name, value] of Object.entries(passed(answer.headers)))
    if (value !== undefined) response.setHeader(name, value);
}
