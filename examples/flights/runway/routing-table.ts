import type { Routing } from './views.ts';
import { routingSchema } from './views.ts';

/** Reads a model's routing table where Runway publishes it. Asks with the ETag, so that an unchanged table is free. */
export function createRoutingReader(cdnUrl: string): (modelId: string) => Promise<Routing> {
  const known = new Map<string, { readonly etag: string; readonly routing: Routing }>();
  return async (modelId) => {
    const held = known.get(modelId);
    const response = await fetch(`${cdnUrl.replace(/\/$/, '')}/routing/${modelId}.json`, {
      headers: held === undefined ? {} : { 'if-none-match': held.etag },
    });
    if (response.status === 304 && held !== undefined) return held.routing;
    if (!response.ok) throw new Error(`routing table of ${modelId}: ${response.status} ${response.statusText}`);
    const routing = routingSchema.parse(await response.json());
    known.set(modelId, { etag: response.headers.get('etag') ?? '', routing });
    return routing;
  };
}

export function championOf(modelId: string, routing: Routing): number {
  const champion = routing.arms.find((arm) => arm.role === 'champion');
  if (champion === undefined) throw new Error(`the routing table of ${modelId} has no champion`);
  return champion.version;
}

/**
 * Who serves a request and who else scores it. `ratio`: a hash of the request's id, even over [0, 1). Whoever is with
 * the candidate stays there when its weight grows.
 */
export function route(
  routing: Routing,
  ratio: number,
  at: string,
): { readonly serves: number; readonly shadows: readonly number[] } {
  const candidatesFirst = [...routing.arms].sort(
    (a, b) => Number(b.role === 'candidate') - Number(a.role === 'candidate'),
  );
  let reached = 0;
  const arm = candidatesFirst.find(({ weightPercent }) => {
    reached += weightPercent;
    return ratio * 100 < reached;
  });
  const serves = arm?.version ?? candidatesFirst.at(-1)!.version;
  const running = routing.shadows.filter(({ until }) => until === undefined || at < until);
  return { serves, shadows: running.map(({ version }) => version).filter((version) => version !== serves) };
}
