import type { LoadProbeRequest } from '../domain/rollout/load-probe.ts';

/** Tells a consuming service that has an address for it what to load. */
export interface LoadProber {
  /** Whether the service took it. One attempt; a service that does not is asked again at the next look. */
  ask(probe: LoadProbeRequest & { readonly url: string }): Promise<boolean>;
}
