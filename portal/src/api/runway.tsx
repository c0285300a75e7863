import { createContext, type ReactNode, use } from 'react';
import type { RunwayClient } from '../../../sdk/client.ts';

const RunwayContext = createContext<RunwayClient | undefined>(undefined);

/** Gives the pages below it their client of the API. */
export function RunwayProvider({ client, children }: { readonly client: RunwayClient; readonly children: ReactNode }) {
  return <RunwayContext value={client}>{children}</RunwayContext>;
}

export function useRunway(): RunwayClient {
  const client = use(RunwayContext);
  if (client === undefined) throw new Error('useRunway needs a RunwayProvider above it');
  return client;
}
