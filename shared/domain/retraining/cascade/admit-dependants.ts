import { minuteMillis, toInstant, toMillis } from '../../time.ts';
import { cooldownOf } from './cascade-model.ts';
import type { CascadeModel, CascadeRequest, Exclusion } from './cascade-plan.ts';
import type { AcyclicReach } from './cut-cycles.ts';

export type Admission = {
  /** Wave by node; 0 for what is not retrained. */
  readonly waves: Int32Array;
  /** By model id. */
  readonly excluded: readonly Exclusion[];
};

/**
 * Which of the reached models retrain, and in which wave. An excluded model still passes on that its inputs have
 * changed; one that is retired serves nobody, and the walk ended there.
 */
export function admitDependants(
  { graph, nodes, promoted, rules, now }: CascadeRequest,
  { order, eachDependant }: AcyclicReach,
): Admission {
  const roots = new Set(promoted);
  const waves = new Int32Array(graph.nodeCount);
  const before = new Int32Array(graph.nodeCount);
  // Earliest time at which all that a node waits for is promoted, whatever the limits.
  const changedAt = new Float64Array(graph.nodeCount).fill(toMillis(now));
  const excluded: Exclusion[] = [];
  for (const node of order) {
    const model = roots.has(node) ? undefined : nodes[node]!.model;
    let promotedAt = roots.has(node) ? toMillis(now) : changedAt[node]!;
    if (model !== undefined) {
      const readyAt = promotedAt + cooldownOf(model, rules) * minuteMillis;
      const exclusion = exclusionOf(model, readyAt);
      if (exclusion === undefined) {
        waves[node] = before[node]! + 1;
        promotedAt = readyAt + (model.trainingMinutes + model.rolloutMinutes) * minuteMillis;
      } else excluded.push(exclusion);
    }
    const wave = roots.has(node) ? 0 : waves[node]! || before[node]!;
    eachDependant(node, (dependant) => {
      if (wave > before[dependant]!) before[dependant] = wave;
      if (promotedAt > changedAt[dependant]!) changedAt[dependant] = promotedAt;
    });
  }
  return { waves, excluded: excluded.toSorted((a, b) => (a.modelId < b.modelId ? -1 : 1)) };
}

/** What of the model itself keeps a cascade from retraining it at `readyAt` (milliseconds). */
export function exclusionOf(model: CascadeModel, readyAt: number): Exclusion | undefined {
  const { modelId, lifecycle, cascade, openRollout, cooldownEndsAt, awaitedBy } = model;
  if (lifecycle === 'retired' || lifecycle === 'deprecated')
    return { modelId, reason: lifecycle, detail: `the model is ${lifecycle}` };
  if (!model.isDeployed) return { modelId, reason: 'not-deployed', detail: 'no version is deployed' };
  if (cascade.veto !== undefined) return { modelId, reason: 'vetoed', detail: cascade.veto };
  if (!cascade.isOn)
    return { modelId, reason: 'policy-off', detail: 'its policy does not retrain it after what it depends on' };
  if (openRollout !== undefined) return { modelId, reason: 'rollout-open', detail: `rollout ${openRollout} is open` };
  // It has not been asked for there: it will see what changes now, too.
  if (awaitedBy !== undefined)
    return { modelId, reason: 'in-cascade', detail: `cascade ${awaitedBy} retrains it in its turn` };
  // A retrain that is open already began its cooldown; this one becomes part of it. A companion follows every version.
  if (
    model.companionOf === undefined &&
    model.openRetrain === undefined &&
    cooldownEndsAt !== undefined &&
    toMillis(cooldownEndsAt) > readyAt
  )
    return {
      modelId,
      reason: 'cooldown',
      detail: `cooldown until ${cooldownEndsAt}, and it is looked at ${toInstant(readyAt)}`,
    };
  return undefined;
}
