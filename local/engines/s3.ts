import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buildApp } from 'fauxqs';
import type { Engine } from './engine.ts';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
type S3Store = Stores['s3Store'];
type Persistence = NonNullable<S3Store['persistence']>;

export interface S3Engine extends Engine {
  /** Answers a request whose body has not been read. */
  answer(request: IncomingMessage, response: ServerResponse): void;
  has(bucket: string, key: string): boolean;
}

/** Starts S3 (fauxqs, in process) on SQLite in `dataDir`. A single PUT takes at most 11 MiB; beyond it, multipart. */
export async function startS3(options: { readonly dataDir: string }): Promise<S3Engine> {
  const directory = join(options.dataDir, 's3');
  mkdirSync(directory, { recursive: true });
  const { stores, persistence } = await openStores(directory);
  const app = buildApp({ logger: false, stores });
  app.addHook('preHandler', async (request, reply) => {
    const refusal = refusalOf(request.method, request.url, request.headers, stores.s3Store);
    if (refusal !== undefined) await reply.code(refusal.status).type('application/xml').send(errorXml(refusal));
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    endpoint,
    answer: (request, response) => app.routing(request, response),
    has: (bucket, key) => currentETag(stores.s3Store, bucket, key) !== undefined,
    async stop() {
      await app.close();
      persistence.close();
    },
  };
}

/**
 * fauxqs's own `startFauxqs` listens on every interface, and its file storage can be torn by a kill in the middle of
 * an overwrite, so the parts that the package does not export are taken from its files.
 */
async function openStores(directory: string): Promise<{ stores: Stores; persistence: Persistence }> {
  const load = (file: string) => import(new URL(file, import.meta.resolve('fauxqs')).href);
  const [{ S3Store }, { SqsStore }, { SnsStore }, { PersistenceManager }] = await Promise.all(
    ['./s3/s3Store.js', './sqs/sqsStore.js', './sns/snsStore.js', './persistence.js'].map(load),
  );
  const stores: Stores = { s3Store: new S3Store(), sqsStore: new SqsStore(), snsStore: new SnsStore() };
  const persistence = new PersistenceManager(directory);
  persistence.loadS3(stores.s3Store);
  stores.s3Store.persistence = persistence;
  return { stores, persistence };
}

type Refusal = { readonly status: number; readonly code: string; readonly message: string };

/** What fauxqs would do wrongly and silently: conditional puts, and sub-resources that overwrite the object. */
function refusalOf(
  method: string,
  url: string,
  headers: Readonly<Record<string, unknown>>,
  store: S3Store,
): Refusal | undefined {
  if (method !== 'PUT') return undefined;
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const unsupported = ['acl', 'tagging', 'retention', 'legal-hold'].find((name) => searchParams.has(name));
  if (unsupported !== undefined)
    return { status: 501, code: 'NotImplemented', message: `?${unsupported} is not emulated` };
  const [, bucket = '', ...key] = pathname.split('/').map(decodeURIComponent);
  const current = currentETag(store, bucket, key.join('/'));
  const isUnmet =
    (headers['if-none-match'] === '*' && current !== undefined) ||
    (headers['if-match'] !== undefined && headers['if-match'] !== current);
  return isUnmet
    ? { status: 412, code: 'PreconditionFailed', message: 'a condition of the request is not met' }
    : undefined;
}

function currentETag(store: S3Store, bucket: string, key: string): string | undefined {
  try {
    return store.headObject(bucket, key).etag;
  } catch {
    return undefined;
  }
}

function errorXml({ code, message }: Refusal): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}
