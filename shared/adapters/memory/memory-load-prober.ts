import type { LoadProbeRequest } from '../../domain/rollout/load-probe.ts';
import type { LoadProber } from '../../ports/load-prober.ts';

export interface MemoryLoadProber extends LoadProber {
  /** Everything that was asked, oldest first. */
  readonly asked: LoadProbeRequest[];
  /** Hosts that take nothing. */
  readonly away: Set<string>;
}

/** Twin of the HTTPS prober. */
export function createMemoryLoadProber(): MemoryLoadProber {
  const asked: LoadProbeRequest[] = [];
  const away = new Set<string>();
  return {
    asked,
    away,
    ask: async (probe) => {
      asked.push(probe);
      return !away.has(new URL(probe.url).host);
    },
  };
}
