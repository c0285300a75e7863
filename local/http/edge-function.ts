import { createContext, runInContext } from 'node:vm';
import * as z from 'zod';
import { parseProperties, unsupported } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';
import type { HttpRequest } from './server.ts';

/** The path that the function asks the origin for. Throws what the function throws, and for an answer of its own. */
export type EdgeFunction = (request: HttpRequest) => string;

const properties = z.object({
  FunctionCode: z.string(),
  FunctionConfig: z.object({ Runtime: z.literal('cloudfront-js-2.0', 'only cloudfront-js-2.0 is emulated') }),
});
// Tests of CloudFront functions are stopped after far less.
const timeout = 1_000;

/** An `AWS::CloudFront::Function` by its ARN, which sees nothing but its event. */
export function createEdgeFunction(resource: ResolvedResource): readonly [string, EdgeFunction] {
  const { FunctionCode } = parseProperties(resource, properties);
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  runInContext(FunctionCode, context, { filename: `${resource.logicalId}.js`, timeout });
  const run: EdgeFunction = (request) => {
    const event = { version: '1.0', viewer: { ip: request.sourceIp }, request: viewerRequest(request) };
    const answer: unknown = runInContext(`JSON.stringify(handler(${JSON.stringify(event)}))`, context, { timeout });
    const { uri } = JSON.parse(String(answer)) as { readonly uri?: unknown };
    if (typeof uri !== 'string') throw unsupported(resource, 'only a changed uri is emulated');
    return uri;
  };
  return [resource.arn, run];
}

function viewerRequest({ method, path, query, headers }: HttpRequest) {
  const valued = (pairs: Iterable<readonly [string, string]>) =>
    Object.fromEntries([...pairs].map(([name, value]) => [name, { value }]));
  return {
    method,
    uri: path,
    querystring: valued(new URLSearchParams(query)),
    headers: valued(Object.entries(headers)),
    cookies: {},
  };
}
