import { dayMillis, type Instant, toInstant, toMillis } from '../time.ts';
import type { ModelState, Routing } from './model.ts';

type Shadow = Routing['shadows'][number];

/** All traffic on one version. */
export function championRouting(
  state: ModelState,
  version: number,
  at: Instant,
  shadows: readonly Shadow[] = running(state, version, at),
): Routing {
  return { ...next(state, at), arms: [{ version, role: 'champion', weightPercent: 100 }], shadows };
}

/**
 * Traffic split between champion and candidate. Both are listed as shadows, so that whichever serves a request, the
 * other scores it too.
 */
export function canaryRouting(
  state: ModelState,
  rollout: { readonly rolloutId: string; readonly champion: number; readonly candidate: number },
  candidatePercent: number,
  at: Instant,
): Routing {
  const { rolloutId, champion, candidate } = rollout;
  return {
    ...next(state, at),
    arms: [
      { version: champion, role: 'champion', weightPercent: 100 - candidatePercent },
      { version: candidate, role: 'candidate', weightPercent: candidatePercent },
    ],
    shadows: [
      { version: candidate },
      { version: champion },
      ...running(state, champion, at).filter(({ version }) => version !== candidate),
    ],
    rolloutId,
  };
}

/** All traffic on the new champion, while the one it replaced keeps scoring for the comparison the policy asks for. */
export function promotedRouting(
  state: ModelState,
  promotion: { readonly version: number; readonly previous: number },
  at: Instant,
): Routing {
  const days = state.policy.rollout.shadowDaysAfterPromotion;
  const shadows = days > 0 ? [{ version: promotion.previous, until: toInstant(toMillis(at) + days * dayMillis) }] : [];
  return championRouting(state, promotion.version, at, shadows);
}

// Withdrawn versions whose comparison has not ended.
function running(state: ModelState, champion: number, at: Instant): readonly Shadow[] {
  return (state.routing?.shadows ?? []).filter(
    ({ version, until }) => until !== undefined && until > at && version !== champion,
  );
}

function next(state: ModelState, at: Instant) {
  return { modelId: state.modelId, generation: (state.routing?.generation ?? 0) + 1, changedAt: at };
}
