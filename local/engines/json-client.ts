/** Calls one operation of an AWS JSON service, e.g. `ListShards`. Throws an Error named after the service's error type. */
export type JsonClient = (operation: string, input: object) => Promise<Readonly<Record<string, unknown>>>;

/** A client for a local engine: engines ask for the signature's parts but do not verify it. */
export function createJsonClient(endpoint: string, targetPrefix: string, contentType: string): JsonClient {
  const headers = {
    'content-type': contentType,
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20200101/local/local/aws4_request, SignedHeaders=host, Signature=0',
    'x-amz-date': '20200101T000000Z',
  };
  return async (operation, input) => {
    const target = { 'x-amz-target': `${targetPrefix}.${operation}` };
    const body = JSON.stringify(input);
    const response = await fetch(endpoint, { method: 'POST', headers: { ...headers, ...target }, body });
    const text = await response.text();
    const output = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    if (response.ok) return output;
    const error = new Error(`${operation}: ${output.message ?? text}`);
    error.name = String(output.__type ?? 'UnknownError').replace(/^.*#/, '');
    throw error;
  };
}
