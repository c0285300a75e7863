import { apiWriter } from '../../domain/ground-truth/writer-key.ts';
import { advanceCanary, newCanary } from '../../domain/health/detection-canary/advance-canary.ts';
import { canaryPredictions } from '../../domain/health/detection-canary/canary-rows.ts';
import type { CanaryFigures, CanaryModels } from '../../domain/health/detection-canary/canary-state.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { Instant } from '../../domain/time.ts';
import type { CanaryStore } from '../../ports/canary-store.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import { ingestPredictions } from '../ground-truth/ingest-predictions.ts';
import type { Publishing } from '../ground-truth/publish-events.ts';
import { type CanaryModelPorts, ensureCanaryModel } from './ensure-canary-model.ts';

export type DetectionCanaryPorts = CanaryModelPorts &
  Publishing & { readonly directory: ModelDirectory; readonly canary: CanaryStore };

export const canaryModels = { drifting: 'runway-canary-drifting', steady: 'runway-canary-steady' } as const;
/** What the API takes in one request; more of them would not be one message's worth. */
const predictionsAtOnce = 500;

/**
 * One tick of the canary tenant: serves since the last tick what two models would have served, drift in one of them while
 * an episode lasts, and measures how long it took until somebody was told. The same tick again sends the same
 * predictions, which count once. Throws `VersionConflict` when another tick was faster.
 */
export async function runDetectionCanary(ports: DetectionCanaryPorts, now: Instant): Promise<CanaryFigures> {
  const drifting = await ensureCanaryModel(ports, canaryModels.drifting, now);
  const steady = await ensureCanaryModel(ports, canaryModels.steady, now);
  const before = (await ports.canary.get()) ?? newCanary(now);
  if (before.revision > 0 && before.sentUntil >= now) return {};
  const since = { from: before.sentUntil, to: now };
  const inputs = before.episode === undefined ? 'as-trained' : 'drifted';
  await serve(ports, drifting, { ...since, inputs });
  await serve(ports, steady, { ...since, inputs: 'as-trained' });
  const models: CanaryModels = { drifting: toldOf(drifting), steady: toldOf(steady) };
  const { state, figures } = advanceCanary(before, models, now);
  await ports.canary.put(state);
  return figures;
}

function toldOf({ modelId, health }: ModelState): CanaryModels['drifting'] {
  return { modelId, health };
}

async function serve(
  ports: DetectionCanaryPorts,
  { modelId, champion }: ModelState,
  stretch: Parameters<typeof canaryPredictions>[1],
): Promise<void> {
  const items = canaryPredictions({ modelId, version: champion?.version ?? 1 }, stretch);
  for (let next = 0; next < items.length; next += predictionsAtOnce) {
    const some = items.slice(next, next + predictionsAtOnce);
    await ingestPredictions(ports, { items: some, now: stretch.to, writer: apiWriter, mayWrite: () => true });
  }
}
