import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from '../../domain/zod.ts';
import { credentialsFromEnvironment } from '../credentials-from-environment.ts';
import { dependencyUnavailable } from '../dependency-error.ts';

export type Parameters = Readonly<Record<string, unknown>>;
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** Sends one openCypher statement, which is one transaction. */
export type NeptuneClient = (query: string, parameters: Parameters) => Promise<Rows>;

export type NeptuneOptions = {
  /** `https://<cluster>:8182` */
  readonly endpoint: string;
  /** @default 20 seconds */
  readonly timeoutMilliseconds?: number;
};

const answerSchema = z.object({ results: z.array(z.record(z.string(), z.unknown())) });
const errorSchema = z.object({ code: z.string(), detailedMessage: z.string().default('') });

/** Codes that may pass when the statement is sent again; nothing of it was written. */
const transient: ReadonlySet<string> = new Set([
  'ConcurrentModificationException',
  'ThrottlingException',
  'TooManyRequestsException',
  'MemoryLimitExceededException',
  'TimeLimitExceededException',
  'ReadOnlyViolationException',
  'FailureByQueryException',
  'InternalFailureException',
]);
const maximumAttempts = 4;

/** A client for Neptune's HTTPS endpoint, signed with the function's credentials. Throws `DependencyUnavailable`. */
export function createNeptuneClient({ endpoint, timeoutMilliseconds = 20_000 }: NeptuneOptions): NeptuneClient {
  const url = new URL('/openCypher', endpoint);
  const sign = signer(url);
  return async (query, parameters) => {
    const body = new URLSearchParams({ query, parameters: JSON.stringify(parameters) }).toString();
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(url, await sign(body), { body, timeoutMilliseconds });
      if ('rows' in answer) return answer.rows;
      if (!transient.has(answer.code)) throw new Error(`Neptune: ${answer.code} ${answer.message}`);
      if (attempt === maximumAttempts) throw dependencyUnavailable('Neptune', new Error(answer.code));
    }
  };
}

function signer(url: URL): (body: string) => Promise<Readonly<Record<string, string>>> {
  const signature = new SignatureV4({
    service: 'neptune-db',
    region: process.env.AWS_REGION ?? 'us-east-1',
    credentials: credentialsFromEnvironment,
    sha256: Sha256,
  });
  return async (body) => {
    const { headers } = await signature.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: {},
      headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    // `fetch` writes the host itself.
    const { host: _host, ...rest } = headers;
    return rest;
  };
}

type Answer = { readonly rows: Rows } | { readonly code: string; readonly message: string };

async function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { body, timeoutMilliseconds }: { readonly body: string; readonly timeoutMilliseconds: number },
): Promise<Answer> {
  const { status, text } = await post(url, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  const json = parsed(text);
  if (status === 200) return { rows: answerSchema.parse(json).results };
  const { data: error } = errorSchema.safeParse(json);
  if (error === undefined && status >= 500) throw dependencyUnavailable('Neptune', new Error(`${status} ${text}`));
  return { code: error?.code ?? String(status), message: error?.detailedMessage ?? text };
}

async function post(url: URL, init: RequestInit): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(url, init);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw dependencyUnavailable('Neptune', error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
