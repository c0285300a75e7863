import type { Actor } from '../../domain/actor.ts';
import { notFound } from '../../domain/errors.ts';
import { partsOfContributionId } from '../../domain/graph/provider-contribution.ts';
import { countSaid, isRunning, isStalled, nextRebuildId, type Rebuild } from '../../domain/graph/rebuild.ts';
import { streamsOfModel } from '../../domain/graph/streams-of-model.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { allModels } from '../../domain/registry/model-lists.ts';
import type { Instant } from '../../domain/time.ts';
import { contributionParts } from '../../ports/graph-store.ts';
import type { RebuildStore } from '../../ports/rebuild-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { applySaid } from './follow-log.ts';
import { type GraphPorts, replayStream } from './project-stream.ts';

/** A step ends after so many streams and the rest of a page of models, so that each stays far below a function's timeout. */
const streamsPerStep = 400;
const modelsPerPage = 5;
const deletionsPerStep = 20;
/** Where a rebuild stands once all models are read; no cursor of the list of models begins like it. */
const providersCursor = 'providers ';

type StartPorts = { readonly rebuilds: RebuildStore; readonly workflows: WorkflowEngine };
type StepPorts = GraphPorts & { readonly rebuilds: RebuildStore };

/** Starts a rebuild; while one runs gives that one, and one that failed or stands still goes on where it stopped. */
export function startRebuild(
  { rebuilds, workflows }: StartPorts,
  { actor, now }: { readonly actor: Actor; readonly now: Instant },
): Promise<Rebuild> {
  return withRetryOnConflict(async () => {
    const latest = await rebuilds.latest();
    const rebuild = nextRebuild(latest, actor, now);
    if (rebuild !== latest) await rebuilds.begin(rebuild, latest);
    // Also when it runs already: whoever began it may have died before this line.
    const { rebuildId, attempt } = rebuild;
    await workflows.start('rebuildGraph', `${rebuildId}-${attempt}`, { rebuildId });
    return rebuild;
  });
}

/** Throws `NotFound` (code `unknown-rebuild`). */
export async function getRebuild(rebuilds: RebuildStore, rebuildId: string): Promise<Rebuild> {
  const rebuild = await rebuilds.get(rebuildId);
  if (rebuild === undefined) throw notFound('rebuild', rebuildId);
  return rebuild;
}

/** Does the next part and says where that leads; doing a part again does no harm. */
export async function stepRebuild(ports: StepPorts, rebuildId: string, now: Instant): Promise<Rebuild> {
  const rebuild = await getRebuild(ports.rebuilds, rebuildId);
  if (!isRunning(rebuild)) return rebuild;
  const next = rebuild.status === 'clearing' ? await clear(ports, rebuild) : await replay(ports, rebuild, now);
  const stepped = { ...next, updatedAt: now };
  await ports.rebuilds.put(stepped);
  return stepped;
}

/** Called when the workflow has given up. */
export async function failRebuild(rebuilds: RebuildStore, rebuildId: string, now: Instant): Promise<Rebuild> {
  const rebuild = await getRebuild(rebuilds, rebuildId);
  if (!isRunning(rebuild)) return rebuild;
  const failed: Rebuild = { ...rebuild, status: 'failed', updatedAt: now };
  await rebuilds.put(failed);
  return failed;
}

function nextRebuild(latest: Rebuild | undefined, actor: Actor, now: Instant): Rebuild {
  if (latest !== undefined && isRunning(latest) && !isStalled(latest, now)) return latest;
  if (latest !== undefined && latest.status !== 'succeeded') {
    const status = latest.cursor === undefined ? 'clearing' : 'replaying';
    return { ...latest, status, attempt: latest.attempt + 1, updatedAt: now };
  }
  const rebuildId = nextRebuildId(latest?.rebuildId);
  const begun = { startedBy: actor.id, startedAt: now, updatedAt: now };
  return { rebuildId, status: 'clearing', ...begun, attempt: 1, models: 0, streams: 0, corrected: 0 };
}

async function clear({ database }: StepPorts, rebuild: Rebuild): Promise<Rebuild> {
  for (let left = deletionsPerStep; left > 0; left -= 1)
    if (!(await database.clearSome())) return { ...rebuild, status: 'replaying' };
  return rebuild;
}

async function replay(ports: StepPorts, rebuild: Rebuild, now: Instant): Promise<Rebuild> {
  if (rebuild.cursor?.startsWith(providersCursor))
    return replayProviders(ports, rebuild, Number(rebuild.cursor.slice(providersCursor.length)));
  let done = rebuild;
  do done = await replayModels(ports, done, now);
  while (done.streams < rebuild.streams + streamsPerStep && done.cursor?.startsWith(providersCursor) === false);
  return done;
}

async function replayModels(ports: StepPorts, { cursor, ...rest }: Rebuild, now: Instant): Promise<Rebuild> {
  const page = await ports.events.list<ModelState>(allModels, {
    limit: modelsPerPage,
    ...(cursor !== undefined && { cursor }),
  });
  let { streams, corrected } = rest;
  for (const stream of page.items.flatMap(({ state }) => streamsOfModel(state))) {
    const result = await replayStream(ports, stream, now);
    if (result !== 'none') streams += 1;
    if (result === 'corrected') corrected += 1;
  }
  const done = { ...rest, models: rest.models + page.items.length, streams, corrected };
  return { ...done, cursor: page.cursor ?? `${providersCursor}0` };
}

/** One part of what providers say; the streams that are theirs have no events to read again. */
async function replayProviders(ports: StepPorts, rebuild: Rebuild, part: number): Promise<Rebuild> {
  const said = (await ports.graph.part(part)).filter(({ streamId }) => partsOfContributionId(streamId) !== undefined);
  await applySaid(ports, said);
  const done = { ...rebuild, streams: rebuild.streams + said.length };
  if (part + 1 < contributionParts) return { ...done, cursor: `${providersCursor}${part + 1}` };
  const { contributions } = await ports.graph.all();
  const table = countSaid(contributions.map(({ contribution }) => contribution));
  const { cursor: _cursor, ...rest } = done;
  return { ...rest, status: 'succeeded', counted: { table, database: await ports.database.count() } };
}
