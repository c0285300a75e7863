import { systemActor } from '../../domain/actor.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { allModels } from '../../domain/registry/model-lists.ts';
import { decideModelRetraining, type ModelDecision } from '../../domain/retraining/decide-trigger.ts';
import type { DecisionRecord } from '../../domain/retraining/rules/decision-record.ts';
import { isNewDecision } from '../../domain/retraining/rules/decision-record.ts';
import { decisionWords } from '../../domain/retraining/rules/decision-words.ts';
import type { Freeze } from '../../domain/retraining/rules/retraining-windows.ts';
import type { TrainingCosts } from '../../domain/retraining/rules/training-budget.ts';
import type { Instant } from '../../domain/time.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { type ChangeContext, loadModel, planModelChange } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { awaitedIn, readOpenCascades } from './change-cascade.ts';
import { loadCosts } from './change-costs.ts';
import { lastDecision, planDecision } from './change-decisions.ts';
import { appendRequest } from './request-retrain.ts';

export type DecideDependencies = {
  readonly events: EventStore;
  readonly evaluations: EvaluationStore;
  /** Of the stage. @default none */
  readonly stageFreezes?: readonly Freeze[];
};
/** `hold`: why there is none. */
export type Decided = { readonly retrainId: string } | { readonly hold: string };
/** Cascades by the models that wait in them. */
type AwaitedModels = ReadonlyMap<string, string>;
export type Swept = {
  readonly models: number;
  readonly retrainIds: readonly string[];
  readonly failures: readonly { readonly modelId: string; readonly error: unknown }[];
};

const pageSize = 100;
/** Models that are decided at once: a decision is three reads, and mostly waits for them. */
const decidedAtOnce = 10;

/**
 * Decides for one model on its present state and its latest scheduled evaluation, and keeps the record when it says
 * anything new: retrain, proposal and record are one append. Throws `NotFound`.
 */
export function decideRetrain(
  dependencies: DecideDependencies,
  modelId: string,
  now: Instant,
  awaited?: AwaitedModels,
): Promise<Decided> {
  const { events } = dependencies;
  return withRetryOnConflict(async () => {
    const [head, last] = await Promise.all([loadModel(events, modelId), lastDecision(events, modelId)]);
    const decided = await decideNow(dependencies, head.state, now, awaited);
    const { record, triggers, stalenessScore } = decided;
    if (!isNewDecision(last?.state, record)) return { hold: record.decision.reason };
    const context = { actor: systemActor('retraining'), now, reason: decisionWords(record) };
    const commit = planDecision(last, record, context);
    const proposal = proposalOf(head, record, context);
    if (triggers.length === 0) {
      await events.append([...(proposal.commit ? [proposal.commit] : []), commit]);
      return { hold: record.decision.reason };
    }
    const reason = triggers.map((trigger) => `${trigger.cause}: ${trigger.reason}`).join('; ');
    const request = { triggers, stalenessScore };
    return { retrainId: await appendRequest(events, head, request, { ...context, reason }, [commit]) };
  });
}

/** What would be decided now; nothing is written. */
export async function decideNow(
  { events, evaluations, stageFreezes = [] }: DecideDependencies,
  model: ModelState,
  now: Instant,
  known?: AwaitedModels,
): Promise<ModelDecision & { readonly stalenessScore: number | null }> {
  const [evaluation, costs, awaited] = await Promise.all([
    evaluations.latest(model.modelId),
    costsFor(events, model, now),
    known ?? readAwaited(events),
  ]);
  const awaitedBy = awaited.get(model.modelId);
  const decision = decideModelRetraining(model, evaluation, now, { stageFreezes, costs, awaitedBy });
  return { ...decision, stalenessScore: evaluation?.stalenessScore ?? null };
}

async function readAwaited(events: EventStore): Promise<AwaitedModels> {
  return awaitedIn(await readOpenCascades(events));
}

/** Read only where a budget asks for them. */
async function costsFor(
  events: EventStore,
  { policy, definition }: ModelState,
  now: Instant,
): Promise<TrainingCosts | undefined> {
  return policy.retraining.budget === undefined ? undefined : loadCosts(events, definition.team, now);
}

function proposalOf(head: Head<ModelState>, { decision }: DecisionRecord, context: ChangeContext) {
  const told = decision.besides ?? decision.matched[0];
  const commands =
    told?.then === 'propose-deprecation' ? [{ type: 'ProposeDeprecation' as const, reason: told.reason }] : [];
  return planModelChange(head, commands, context);
}

/** Decides for every model; one that fails is reported and does not keep the others waiting. */
export async function decideAllRetrains(dependencies: DecideDependencies, now: Instant): Promise<Swept> {
  const retrainIds: string[] = [];
  const failures: Swept['failures'][number][] = [];
  const awaited = await readAwaited(dependencies.events);
  let models = 0;
  let cursor: string | undefined;
  const decide = async ({ state: { modelId } }: Head<ModelState>) => {
    try {
      const decided = await decideRetrain(dependencies, modelId, now, awaited);
      if ('retrainId' in decided) retrainIds.push(decided.retrainId);
    } catch (error) {
      failures.push({ modelId, error });
    }
  };
  do {
    const page = await dependencies.events.list<ModelState>(allModels, {
      limit: pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    models += page.items.length;
    for (let start = 0; start < page.items.length; start += decidedAtOnce)
      await Promise.all(page.items.slice(start, start + decidedAtOnce).map(decide));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { models, retrainIds: retrainIds.toSorted(), failures };
}
