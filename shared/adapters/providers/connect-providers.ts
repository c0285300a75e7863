import { type ProviderConfiguration, platformOf } from '../../domain/graph/ingestion/provider-configuration.ts';
import type { ProviderId } from '../../domain/graph/provider-contribution.ts';
import type { Provider } from '../../ports/provider.ts';
import type { ProviderDirectory } from '../../ports/provider-directory.ts';
import type { ProviderDocuments, ProviderStore } from '../../ports/provider-store.ts';
import type { Secret } from '../../ports/secret.ts';
import type { BoundedJsonata } from './bounded-jsonata.ts';
import { createHttpProvider } from './http/http-provider.ts';
import { createMetaflowProvider } from './metaflow/metaflow-provider.ts';
import { createPace } from './pace.ts';
import { createProviderHttp, type Reach } from './provider-http.ts';

export type ConnectOptions = {
  readonly providerStore: Pick<ProviderStore, 'all'>;
  readonly secretOf: (provider: ProviderId) => Secret;
  readonly reach: Reach;
  readonly mapping: BoundedJsonata;
  /** Instances that may ask a provider at once; each keeps to its part of the rate. */
  readonly instances: number;
};

type Configuration = ProviderDocuments['configuration'];

/** An answer of Metaflow's service before 2026 is all runs of a flow. */
const metaflowBytes = 256_000_000;

/**
 * Gives the directory of the providers that are switched on, as they are configured at the time; of an unchanged one the
 * connection stays, with its pace and what it remembers.
 */
export function connectProviders(options: ConnectOptions): () => ProviderDirectory {
  const connected = new Map<ProviderId, { readonly of: string; readonly provider: Provider }>();
  const connectedTo = (id: ProviderId, configuration: Configuration): Provider => {
    const of = JSON.stringify(configuration);
    const known = connected.get(id);
    if (known?.of === of) return known.provider;
    const provider = connect(options, id, configuration);
    connected.set(id, { of, provider });
    return provider;
  };
  return () => {
    let reading: Promise<ReadonlyMap<ProviderId, Configuration>> | undefined;
    const configurations = async () => {
      reading ??= options.providerStore.all('configuration');
      return [...(await reading)].filter(([, { enabled }]) => enabled);
    };
    return {
      find: async (provider) => {
        const [, configuration] = (await configurations()).find(([id]) => id === provider) ?? [];
        return configuration && connectedTo(provider, configuration);
      },
      ofPlatform: async (platform) =>
        (await configurations()).find(([id, configuration]) => platformOf(id, configuration) === platform)?.[0],
    };
  };
}

function connect(
  { secretOf, reach, mapping, instances }: ConnectOptions,
  provider: ProviderId,
  configuration: ProviderConfiguration,
): Provider {
  const { baseUrl, authentication, requestsPerSecond, timeoutSeconds } = configuration;
  const callsPerSecond = requestsPerSecond / instances;
  const pace = createPace({
    callsPerSecond,
    clock: () => performance.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
  });
  const http = {
    provider,
    baseUrl,
    pace,
    reach,
    secret: authentication === 'secret' ? secretOf(provider) : undefined,
    timeoutMilliseconds: timeoutSeconds * 1_000,
  };
  switch (configuration.kind) {
    case 'http': {
      const get = createProviderHttp({ ...http, cacheSeconds: configuration.cacheSeconds });
      return createHttpProvider({ provider, configuration, get, mapping });
    }
    case 'metaflow': {
      const get = createProviderHttp({ ...http, maximumBytes: metaflowBytes });
      return createMetaflowProvider({ platform: platformOf(provider, configuration), get, callsPerSecond });
    }
  }
}
