import { timingSafeEqual } from 'node:crypto';
import { isRunwayError, RunwayError } from '../../../domain/errors.ts';
import { canonicalNamespace } from '../../../domain/graph/openlineage/canonical-name.ts';
import type { LineageEvent } from '../../../domain/graph/openlineage/lineage-event.ts';
import { idOfKey, isWithin } from '../../../domain/graph/openlineage/node-key.ts';
import { subjectsOf } from '../../../domain/graph/openlineage/state-deltas.ts';
import type { WriterState } from '../../../domain/ground-truth/writer.ts';
import { expectAccess } from '../../../domain/ground-truth/writer-access.ts';
import { lineageKey } from '../../../domain/ground-truth/writer-key.ts';
import type { Instant } from '../../../domain/time.ts';
import type { EventCounter } from '../../../ports/event-counter.ts';
import type { RootSecret } from '../../../ports/root-secret.ts';
import type { WriterDirectory } from '../../../ports/writer-directory.ts';

export type LineageAdmission = {
  readonly rootSecret: RootSecret;
  readonly writers: WriterDirectory;
  readonly counter: EventCounter;
};

type Headers = Readonly<Record<string, string | undefined>>;

// A writer's name may have dots in it; the number and the digits that follow have none.
const keyPattern = /^([a-z][a-z0-9-]{0,62}\/[A-Za-z0-9._-]{1,64})\.([1-9]\d{0,8})\.([0-9a-f]{64})$/;

/**
 * The writer whose lineage key came along, as `Authorization: Bearer` or `X-API-Key`. Throws `NotAuthorized` (code
 * `lineage-not-authorized`), whatever is wrong with it in the same words, so that nobody learns who is a writer.
 */
export async function admitLineage(
  { rootSecret, writers }: Pick<LineageAdmission, 'rootSecret' | 'writers'>,
  headers: Headers,
  at: Instant,
): Promise<WriterState> {
  const [presented = '', writer = '', generation = ''] = keyPattern.exec(keyIn(headers)) ?? [];
  if (writer === '') throw refused();
  const keyId = Number(generation);
  // Before anything is looked up, so that who holds no key costs no read.
  if (!isSame(presented, lineageKey(await rootSecret.read(), writer, keyId))) throw refused();
  const state = await writers.find(writer, at);
  if (state === undefined || !state.scopes.includes('lineage')) throw refused();
  try {
    expectAccess(state, { writer, keyId, at });
  } catch (error) {
    throw isRunwayError(error) ? refused() : error;
  }
  return state;
}

/**
 * Throws `DependencyUnavailable` (code `overloaded`) when the writer has used its minute up: clients of OpenLineage try
 * again after 503 and give up after 429.
 */
export async function expectLineageAllowance(
  counter: EventCounter,
  { writer, eventsPerMinute }: WriterState,
  { events, now }: { readonly events: number; readonly now: Instant },
): Promise<void> {
  const before = (await counter.add(writer, now.slice(0, 16), events)) - events;
  if (before < eventsPerMinute) return;
  const reason = `${writer} sent more than ${eventsPerMinute} events a minute, try again in a moment`;
  throw new RunwayError('DependencyUnavailable', 'overloaded', reason);
}

/**
 * Throws `NotAuthorized` (code `lineage-namespace-not-allowed`) when the writer's key is limited to namespaces and the
 * event says something about a job, or is about a dataset, of another. Namespace and name make one id, so that a namespace
 * stands for those below it, too.
 */
export function expectNamespaces({ writer, lineageNamespaces }: WriterState, event: LineageEvent): void {
  if (lineageNamespaces === undefined) return;
  const allowed = lineageNamespaces.map(canonicalNamespace);
  const other = subjectsOf(event).find((key) => !allowed.some((namespace) => isWithin(key, namespace)));
  if (other === undefined) return;
  const reason = `${writer} may send events of the namespaces ${lineageNamespaces.join(', ')}, not of ${idOfKey(other)}`;
  throw new RunwayError('NotAuthorized', 'lineage-namespace-not-allowed', reason.slice(0, 1_000));
}

function keyIn(headers: Headers): string {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization?.trim() ?? '')?.[1];
  return (bearer ?? headers['x-api-key'] ?? '').trim();
}

function isSame(presented: string, expected: string): boolean {
  const [a, b] = [Buffer.from(presented), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refused(): RunwayError {
  return new RunwayError(
    'NotAuthorized',
    'lineage-not-authorized',
    'expected the lineage key of a writer, as bearer token or as X-API-Key',
  );
}
