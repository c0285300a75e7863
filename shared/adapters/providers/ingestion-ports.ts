import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ProviderId } from '../../domain/graph/provider-contribution.ts';
import type { Secret } from '../../ports/secret.ts';
import { createDynamoGraphStore } from '../dynamodb/dynamo-graph-store.ts';
import { createDynamoHydrationStore } from '../dynamodb/dynamo-hydration-store.ts';
import { createDynamoProviderStore } from '../dynamodb/dynamo-provider-store.ts';
import { parseTestOrigins, systemResolver } from '../notifications/resolve-target.ts';
import { createBoundedJsonata } from './bounded-jsonata.ts';
import { connectProviders } from './connect-providers.ts';

export type IngestionOptions = {
  readonly table: { readonly client: DynamoDBDocumentClient; readonly tableName: string };
  readonly secretOf: (provider: ProviderId) => Secret;
  /** Origins separated by commas; `none` for none. */
  readonly privateOrigins: string;
  /** `<host>:<port>=<address>`, of tests alone, whose providers are on this machine. */
  readonly testOrigins: string | undefined;
  readonly instances: number;
};

/** What reading from providers takes; `connected` gives the providers as they are configured now. */
export function createIngestionPorts(options: IngestionOptions) {
  const { table, secretOf, privateOrigins, testOrigins, instances } = options;
  const providerStore = createDynamoProviderStore(table);
  const reach = {
    resolver: systemResolver,
    privateOrigins: new Set(privateOrigins === 'none' ? [] : privateOrigins.split(',')),
    ...(testOrigins !== undefined && { testOrigins: parseTestOrigins(testOrigins) }),
  };
  const connected = connectProviders({ providerStore, secretOf, reach, mapping: createBoundedJsonata(), instances });
  const stores = { graph: createDynamoGraphStore(table), hydrations: createDynamoHydrationStore(table), providerStore };
  return { stores, connected };
}
