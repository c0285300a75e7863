import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNeptuneClient } from '../../../shared/adapters/neptune/neptune-client.ts';

type Received = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string };

describe('the client of Neptune', () => {
  let server: Server;
  let received: Received[];
  let answers: [number, unknown][];
  const client = () => createNeptuneClient({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

  beforeEach(async () => {
    received = [];
    answers = [];
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ url: request.url ?? '', headers: request.headers, body });
      const [status, answer] = answers.shift() ?? [200, { results: [{ n: 1 }] }];
      response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await new Promise((resolve) => server.close(resolve));
  });

  it('posts the statement as a form, signed for neptune-db', async () => {
    expect(await client()('RETURN $x AS n', { x: 'ψ & =' })).toEqual([{ n: 1 }]);
    const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = received;
    expect(url).toBe('/openCypher');
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=\S+\/neptune-db\/aws4_request, /);
    const form = new URLSearchParams(body);
    expect([form.get('query'), form.get('parameters')]).toEqual(['RETURN $x AS n', '{"x":"ψ & ="}']);
  });

  it('sends again what met another writer', async () => {
    answers = [[500, { code: 'ConcurrentModificationException', detailedMessage: 'try again', requestId: 'r' }]];
    expect(await client()('RETURN 1 AS n', {})).toEqual([{ n: 1 }]);
    expect(received).toHaveLength(2);
  });

  it('says that it may pass, when it still fails or is no answer of Neptune’s', async () => {
    const busy: [number, unknown] = [429, { code: 'ThrottlingException', detailedMessage: 'slow down' }];
    answers = [busy, busy, busy, busy];
    await expect(client()('RETURN 1', {})).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    answers = [[502, '<html>bad gateway</html>']];
    await expect(client()('RETURN 1', {})).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  });

  it('does not send again what cannot be read', async () => {
    answers = [[400, { code: 'MalformedQueryException', detailedMessage: 'unexpected token' }]];
    await expect(client()('RETURN', {})).rejects.toThrow('MalformedQueryException unexpected token');
    expect(received).toHaveLength(1);
  });

  it('says that nobody answers', async () => {
    const send = createNeptuneClient({ endpoint: 'http://127.0.0.1:1' });
    await expect(send('RETURN 1', {})).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  });
});
