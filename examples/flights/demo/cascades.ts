import { type RunwayClient, type Schemas, unwrap } from '../../../sdk/client.ts';
import type { Entry } from './entries.ts';

type Plan = Pick<Schemas['RetrainingPlan'], 'retrains' | 'excluded'>;
type Cascade = Pick<
  Schemas['Cascade'],
  'cascadeId' | 'modelId' | 'version' | 'promotedAt' | 'status' | 'members' | 'plan' | 'endedAt'
>;
/** What was to happen, asked for while the candidate had its canary, and what became of it. */
export type Followed = { readonly before: Plan; readonly cascade: Cascade };

/** Follows what the promotions of a model do to those that consume its output. */
export function createCascades(client: RunwayClient, model: string) {
  let before: Plan | undefined;
  const told = new Set<string>();
  const followed = new Map<string, Followed>();

  async function news(now: string): Promise<readonly Entry[]> {
    const query = { modelId: model, limit: 20 };
    const { items } = await unwrap(client.GET('/v1/cascades', { params: { query } }));
    const entries = items.toReversed().flatMap((cascade) => follow(cascade));
    const plan = await planOfCanary();
    const text = plan && planText(plan);
    if (text !== undefined && before === undefined)
      entries.push({ at: now, model, verb: 'planned', text: `should the candidate be promoted: ${text}` });
    before = plan ?? before;
    return entries;
  }

  /** Only while a candidate has traffic; the last answer counts, for it is the one nearest to the promotion. */
  async function planOfCanary(): Promise<Plan | undefined> {
    const params = { path: { modelId: model }, query: { limit: 1 } };
    const { items } = await unwrap(client.GET('/v1/models/{modelId}/rollouts', { params }));
    if (items[0]?.status !== 'canary') return undefined;
    return unwrap(client.POST('/v1/retraining-plans', { body: { modelIds: [model], currency: 'USD' } }));
  }

  function follow(cascade: Cascade): Entry[] {
    const { cascadeId, promotedAt, status, endedAt } = cascade;
    const known = followed.get(cascadeId)?.before ?? before;
    if (known === undefined) return [];
    if (!followed.has(cascadeId)) before = undefined;
    followed.set(cascadeId, { before: known, cascade });
    const entries: Entry[] = [];
    const about = { model, verb: 'cascade' } as const;
    if (status !== 'opened' && isNew(`${cascadeId} planned`))
      entries.push({ at: promotedAt, ...about, text: `${cascadeId}: ${planText(planOf(cascade))}` });
    if (status === 'ended' && endedAt !== undefined && isNew(`${cascadeId} ended`))
      entries.push({
        at: endedAt,
        ...about,
        text: `${cascadeId} has ended: ${cascade.members.map(outcome).join(', ') || 'nothing retrained'}`,
      });
    return entries;
  }

  function isNew(key: string): boolean {
    if (told.has(key)) return false;
    told.add(key);
    return true;
  }

  return {
    read: news,
    /** What the plans shown beforehand said, beside what happened. */
    summary: async (): Promise<readonly string[]> => {
      const all = [...followed.values()];
      const members = all.flatMap(({ cascade }) => cascade.members);
      const models = [...new Set(members.map(({ modelId }) => modelId))];
      const retrains = await Promise.all(models.map((modelId) => cascadeRetrains(client, modelId)));
      return summaryLines(all, retrains.flat());
    },
  };
}

/** The cascades that each retrain of the model was caused by. */
async function cascadeRetrains(client: RunwayClient, modelId: string): Promise<readonly string[]> {
  const params = { path: { modelId }, query: { limit: 100 } };
  const { items } = await unwrap(client.GET('/v1/models/{modelId}/retrains', { params }));
  return items.flatMap(({ triggers }) =>
    triggers.flatMap(({ cascadeId }) => (cascadeId === undefined ? [] : [`${cascadeId} ${modelId}`])),
  );
}

/** `retrains`: `<cascade> <model>`, one for each retrain that a cascade caused. */
export function summaryLines(all: readonly Followed[], retrains: readonly string[]): readonly string[] {
  // The replay may end before their turn.
  const waiting = all.flatMap(({ cascade }) => cascade.members.filter(({ status }) => status === 'waiting'));
  const changed = all.flatMap(changesSince);
  const planned = all.flatMap(({ before }) => before.retrains).length - waiting.length - changed.length;
  const deviations = all.flatMap((followed) => deviationsOf(followed, retrains));
  const verdict = deviations.length === 0 ? 'as the plans said beforehand' : deviations.join('; ');
  const but = changed.length === 0 ? '' : `, but for what had changed by the promotion: ${changed.join('; ')}`;
  const happened = `${all.length} followed promotions, ${planned} retrains planned, ${retrains.length} happened`;
  return [`cascades: ${happened}: ${verdict}${but}`];
}

/** Between the last look and the promotion a model may have begun a rollout of its own. */
function changesSince({ before, cascade }: Followed): readonly string[] {
  const excluded = cascade.plan?.excluded ?? [];
  return excluded
    .filter(({ modelId }) => before.retrains.some((retrain) => retrain.modelId === modelId))
    .map(({ modelId, detail }) => `${modelId} not after ${cascade.cascadeId} (${detail})`);
}

function deviationsOf({ before, cascade }: Followed, retrains: readonly string[]): readonly string[] {
  const { cascadeId, members, promotedAt } = cascade;
  const excluded = new Set(cascade.plan?.excluded.map(({ modelId }) => modelId));
  const expected = before.retrains
    .filter(({ modelId }) => !excluded.has(modelId))
    .map(({ modelId, wave }) => `${modelId} in wave ${wave}`)
    .join(', ');
  const actual = members.map(({ modelId, wave }) => `${modelId} in wave ${wave}`).join(', ');
  if (expected !== actual) return [`${cascadeId} has ${actual || 'nothing'} instead of ${expected || 'nothing'}`];
  return members.flatMap(({ modelId, status, requestedAt, after }) => {
    // What the replay ended before is neither right nor wrong.
    if (status === 'waiting') return [];
    const times = retrains.filter((retrain) => retrain === `${cascadeId} ${modelId}`).length;
    if (times !== 1) return [`${cascadeId} retrained ${modelId} ${times} times (${status})`];
    const ends = [promotedAt, ...after.map((place) => members[place]?.endedAt ?? '')];
    return ends.every((end) => end !== '' && end < (requestedAt ?? ''))
      ? []
      : [`${cascadeId} retrained ${modelId} before what it depends on`];
  });
}

function planOf({ members, plan }: Cascade): Plan {
  return { retrains: members, excluded: plan?.excluded ?? [] };
}

function planText({ retrains, excluded }: Plan): string {
  const does = retrains.map(
    ({ modelId, wave, startsAt }) =>
      `${modelId} retrains in wave ${wave}${startsAt ? `, from ${short(startsAt)}` : ''}`,
  );
  const doesNot = excluded.map(({ modelId, detail }) => `${modelId} does not (${detail})`);
  return [...does, ...doesNot].join('; ') || 'nothing else retrains';
}

function outcome({ modelId, status, retrainId, reason }: Cascade['members'][number]): string {
  return `${modelId} ${status}${retrainId === undefined ? '' : ` by ${retrainId}`}${reason === undefined ? '' : ` (${reason})`}`;
}

function short(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;
}
