import { notFound } from '../../domain/errors.ts';
import { type Replay, replay } from '../../domain/health/evaluation-inputs.ts';
import type { Instant } from '../../domain/time.ts';
import type { EvaluationHistory } from '../../ports/evaluation-history.ts';
import type { EvaluatedVersions } from './evaluated-versions.ts';

type Ports = { readonly history: EvaluationHistory; readonly versions: EvaluatedVersions };
type Kind = 'scheduled' | 'on-demand';

/** Makes a recorded evaluation again from what it rested on. Throws `NotFound` (code `unknown-evaluation`). */
export async function replayEvaluation(
  { history, versions }: Ports,
  { modelId, evaluationId }: { readonly modelId: string; readonly evaluationId: string },
): Promise<Replay> {
  const { evaluatedAt, kind } = partsOf(modelId, evaluationId) ?? {};
  const recorded = evaluatedAt && kind && (await history.find(modelId, evaluatedAt, kind));
  if (!recorded) throw notFound('evaluation', evaluationId);
  const { baseline } = await versions.find(modelId, recorded.evaluation.version);
  return replay(recorded, baseline);
}

/** An id is `<modelId>-<evaluatedAt>-<kind>`. */
function partsOf(modelId: string, evaluationId: string): { evaluatedAt: Instant; kind: Kind } | undefined {
  if (!evaluationId.startsWith(`${modelId}-`)) return undefined;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)-(scheduled|on-demand)$/.exec(
    evaluationId.slice(modelId.length + 1),
  );
  return match ? { evaluatedAt: match[1]!, kind: match[2] as Kind } : undefined;
}
