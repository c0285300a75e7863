import { illegalTransition, notFound, RunwayError } from '../errors.ts';
import type { ModelVersion } from '../registry/model.ts';
import type { Consumer } from '../registry/schemas.ts';
import { type Instant, toInstant, toMillis } from '../time.ts';
import type { LoadProbeRequest, LoadProbes } from './load-probe.ts';
import type { RolloutState } from './rollout.ts';
import type { RolloutCommand, RolloutEvent } from './rollout-events.ts';

const defaultMinutes = 10;
// How often the workflow looks whether all have answered.
const lookSeconds = 15;

/** One probe for each consumer that wants to be asked. */
export function loadProbesOf(
  { rolloutId, validationPolicy }: Pick<RolloutState, 'rolloutId' | 'validationPolicy'>,
  consumers: readonly Consumer[],
  { version, artifactUri, artifactDigest, environmentLockDigest }: ModelVersion,
  now: Instant,
): readonly LoadProbeRequest[] {
  const minutes = validationPolicy.loadProbeMinutes ?? defaultMinutes;
  const deadline = toInstant(toMillis(now) + minutes * 60_000);
  const artifact = { version, artifactUri, artifactDigest, environmentLockDigest };
  return consumers
    .filter(({ loadProbe }) => loadProbe !== undefined)
    .map(({ service, team, loadProbe }, index) => ({
      probeId: `${rolloutId}-p${index + 1}`,
      service,
      ...(team !== undefined && { team }),
      ...(loadProbe?.kind === 'https' && { url: loadProbe.url }),
      ...artifact,
      deadline,
    }));
}

/** The rollout of a probe; undefined when it is none. */
export function rolloutIdOfProbe(probeId: string): string | undefined {
  return /^(.+)-p[1-9]\d*$/.exec(probeId)?.[1];
}

/** Those that their address has not taken yet. */
export function untoldProbes(probes: LoadProbes): readonly (LoadProbeRequest & { readonly url: string })[] {
  return probes.flatMap(({ takenAt, answer, url, ...probe }) =>
    url === undefined || takenAt !== undefined || answer !== undefined ? [] : [{ ...probe, url }],
  );
}

/** How long to wait for answers; who could not load the candidate, once all have answered or the time is up. */
export function loadProbeProgress(
  probes: LoadProbes,
  now: Instant,
): { readonly waitSeconds: number } | { readonly problems: readonly string[] } {
  const open = probes.filter(({ answer }) => answer === undefined);
  const deadline = probes[0]?.deadline ?? now;
  if (open.length > 0 && now < deadline) {
    const left = Math.ceil((toMillis(deadline) - toMillis(now)) / 1_000);
    return { waitSeconds: Math.min(lookSeconds, left) };
  }
  const silent = open.map(
    ({ service }) => `${service} did not answer by ${deadline} whether it can load the candidate`,
  );
  const unable = probes
    .filter(({ answer }) => answer?.loaded === false)
    .map(({ service, answer }) => `${service} cannot load the candidate: ${answer?.reason ?? 'it gave no reason'}`);
  return { problems: [...unable, ...silent] };
}

/**
 * The same answer again is none. Throws `NotFound` (code `unknown-probe`); `InvalidRequest` when another artefact was
 * loaded; `IllegalTransition` for a contrary answer, or one that comes when all is decided.
 */
export function answerLoadProbe(
  { type, probeId, loaded, artifactDigest, reason }: Extract<RolloutCommand, { type: 'AnswerLoadProbe' }>,
  state: RolloutState,
  now: Instant,
): readonly RolloutEvent[] {
  const probe = state.loadProbes?.find((each) => each.probeId === probeId);
  if (probe === undefined) throw notFound('probe', probeId);
  if (artifactDigest !== probe.artifactDigest) {
    const message = `${probe.service} loaded an artefact of digest ${artifactDigest}, expected ${probe.artifactDigest}`;
    throw new RunwayError('InvalidRequest', 'other-artifact', message);
  }
  if (probe.answer?.loaded === loaded) return [];
  if (probe.answer !== undefined)
    throw illegalTransition(type, `answered ${probe.answer.loaded}`, 'the answer that was given');
  if (state.loadability !== undefined || state.status !== 'validating')
    throw illegalTransition(type, `${state.status}, loadability decided`, `an answer by ${probe.deadline}`);
  const answer = { loaded, ...(reason !== undefined && { reason }), answeredAt: now };
  const { rolloutId, modelId } = state;
  return [{ type: 'LoadProbeAnswered', schemaVersion: 1, rolloutId, modelId, probeId, service: probe.service, answer }];
}
