import type { NeptuneEngine } from '../engines/neptune.ts';
import type { Outgoing } from '../http/both-versions.ts';
import { ServiceError } from '../types.ts';
import type { Backend } from './backend.ts';

/** Neptune's openCypher endpoint: a form with `query` and `parameters` in, rows or an error of Neptune's out. */
export function neptuneBackend(engine: NeptuneEngine): Backend {
  return async ({ method, input }, response) => {
    try {
      if (method !== 'POST') throw new ServiceError('UnsupportedOperationException', `${method} is not emulated`);
      send(response, 200, { results: await engine.run(textOf(input.query), parametersOf(input.parameters)) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { code, message, status } = error;
      send(response, status, { requestId: crypto.randomUUID(), code, detailedMessage: message, message });
    }
  };
}

function textOf(query: unknown): string {
  if (typeof query === 'string' && query !== '') return query;
  throw new ServiceError('MissingParameterException', 'expected a query');
}

function parametersOf(text: unknown): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(typeof text === 'string' ? text : '{}');
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Falls through to the same answer as JSON that is no object.
  }
  throw new ServiceError('InvalidParameterException', 'expected parameters as a JSON object');
}

function send(response: Outgoing, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  (response as NodeJS.WritableStream).end(JSON.stringify(body));
}
