import type { LoadProbeRequest } from '../domain/rollout/load-probe.ts';
import type { LoadProber } from '../ports/load-prober.ts';
import type { PostPinned } from './notifications/pinned-https.ts';

/**
 * Posts probes to public addresses. Whatever goes wrong is a service that was not reached: what it cannot load it says
 * itself, and what it does not say by the deadline counts as a no.
 */
export function createHttpsLoadProber(post: PostPinned): LoadProber {
  return {
    ask: async ({ url, ...probe }) => {
      try {
        const status = await post({ url: new URL(url), headers: headersOf(probe), body: JSON.stringify(probe) });
        return status >= 200 && status < 300;
      } catch {
        return false;
      }
    },
  };
}

function headersOf({ probeId }: Pick<LoadProbeRequest, 'probeId'>): Readonly<Record<string, string>> {
  return { 'content-type': 'application/json', 'idempotency-key': probeId };
}
