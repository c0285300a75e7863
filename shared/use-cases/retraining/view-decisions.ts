import {
  type DecisionEvent,
  type DecisionRecord,
  replayDecision,
} from '../../domain/retraining/rules/decision-record.ts';
import { decisionWords } from '../../domain/retraining/rules/decision-words.ts';
import { decisionsStream } from '../../domain/stream-ids.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { lastDecision } from './change-decisions.ts';

export type DecisionView = DecisionRecord & {
  /** `retrained because …`, `held because …` */
  readonly words: string;
  /** Made again from its facts just now. */
  readonly replay: { readonly isIdentical: boolean; readonly differences: readonly string[] };
};

/** Newest first; the cursor is the number of the last one shown. Throws `NotFound`. */
export async function listDecisions(
  events: EventStore,
  modelId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<DecisionView>> {
  await loadModel(events, modelId);
  const before = cursor === undefined ? ((await lastDecision(events, modelId))?.version ?? 0) + 1 : Number(cursor);
  const afterVersion = Math.max(0, before - 1 - limit);
  const wanted = before - 1 - afterVersion;
  const commits = wanted < 1 ? [] : await events.commits(decisionsStream(modelId), { afterVersion, limit: wanted });
  const records = commits.flatMap(({ events: all }) => (all as readonly DecisionEvent[]).map(({ record }) => record));
  return {
    items: records.toReversed().map(viewDecision),
    ...(afterVersion > 0 && { cursor: String(afterVersion + 1) }),
  };
}

export function viewDecision(record: DecisionRecord): DecisionView {
  const { isIdentical, differences } = replayDecision(record);
  return { ...record, words: decisionWords(record), replay: { isIdentical, differences } };
}
