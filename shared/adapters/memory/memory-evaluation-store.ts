import type { Evaluation } from '../../domain/health/evaluation.ts';
import type { EvaluationInputs, RecordedEvaluation } from '../../domain/health/evaluation-inputs.ts';
import { type HealthRow, mergeHealthRow } from '../../domain/health/health-row.ts';
import { timelinePoint } from '../../domain/health/timeline.ts';
import type { EvaluationHistory } from '../../ports/evaluation-history.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import { decodeCursor, encodeCursor } from '../list-keys.ts';

/** Twin of the DynamoDB store and its history for tests. */
export function createMemoryEvaluationStore(): EvaluationStore & EvaluationHistory {
  const rows = new Map<string, HealthRow>();
  const inputsOf = new Map<string, EvaluationInputs>();
  const byModel = new Map<string, Map<string, Evaluation>>();
  const newestFirst = (modelId: string) =>
    [...(byModel.get(modelId) ?? [])]
      .sort(([a], [b]) => (a < b ? 1 : -1))
      .map(([key, evaluation]) => ({ key, evaluation }));

  function recorded(evaluation: Evaluation | undefined): RecordedEvaluation | undefined {
    const inputs = evaluation && inputsOf.get(evaluation.evaluationId);
    return inputs && evaluation && { evaluation, inputs };
  }

  return {
    put: async (evaluation, { inputs } = {}) => {
      const key = `${evaluation.evaluatedAt}#${evaluation.kind}`;
      const evaluations = byModel.get(evaluation.modelId) ?? new Map<string, Evaluation>();
      if (!evaluations.has(key) && evaluation.kind === 'scheduled')
        rows.set(evaluation.modelId, mergeHealthRow(rows.get(evaluation.modelId), evaluation));
      if (!evaluations.has(key) && inputs !== undefined) inputsOf.set(evaluation.evaluationId, structuredClone(inputs));
      if (!evaluations.has(key)) evaluations.set(key, structuredClone(evaluation));
      byModel.set(evaluation.modelId, evaluations);
    },
    latest: async (modelId, before = '~') =>
      newestFirst(modelId).find(({ evaluation }) => evaluation.kind === 'scheduled' && evaluation.evaluatedAt < before)
        ?.evaluation,
    list: async (modelId, { limit, cursor }) => {
      const name = `evaluations#${modelId}`;
      const after = cursor === undefined ? '~' : decodeCursor(name, cursor).sort;
      const found = newestFirst(modelId).filter(({ key }) => key < after);
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const hasMore = last !== undefined && found.length > shown.length;
      return {
        items: shown.map(({ evaluation }) => evaluation),
        ...(hasMore ? { cursor: encodeCursor(name, { sort: last.key, streamId: modelId }) } : {}),
      };
    },
    rows: async (modelIds) =>
      structuredClone([...rows.values()].filter(({ modelId }) => modelIds === undefined || modelIds.includes(modelId))),
    timeline: async (modelId, { from, to }) =>
      newestFirst(modelId)
        .toReversed()
        .flatMap(({ evaluation }) => (evaluation.kind === 'scheduled' ? [timelinePoint(evaluation)] : []))
        .filter(({ at }) => at >= from && at < to),
    find: async (modelId, evaluatedAt, kind) => recorded(byModel.get(modelId)?.get(`${evaluatedAt}#${kind}`)),
    read: async (modelId, moments) =>
      moments.flatMap((at) => recorded(byModel.get(modelId)?.get(`${at}#scheduled`)) ?? []),
  };
}
