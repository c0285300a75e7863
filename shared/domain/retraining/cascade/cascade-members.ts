import type { MemberPlan } from './cascade.ts';
import type { CascadePlan, CascadeRequest } from './cascade-plan.ts';
import { cutCycles } from './cut-cycles.ts';

/** More would not fit beside the plan into one item of the event store (400 KB). */
export const memberLimits = { members: 400, waits: 20_000 } as const;

/**
 * The plan's retrains with what each waits for. Of too large a cascade the first by wave and priority, so that none
 * waits for one that was left out.
 */
export function cascadeMembers(request: CascadeRequest, plan: CascadePlan): readonly MemberPlan[] {
  const waits = waitsOf(request, plan);
  const members: MemberPlan[] = [];
  let waited = 0;
  for (const retrain of plan.retrains.slice(0, memberLimits.members)) {
    const after = waits.get(retrain.modelId) ?? [];
    waited += after.length;
    if (waited > memberLimits.waits) break;
    members.push({ ...retrain, after });
  }
  return members;
}

/** Places in the plan, ascending, of the retrains from which a walk leads to each without passing another. */
function waitsOf({ graph, nodes, promoted }: CascadeRequest, { retrains }: CascadePlan) {
  const isEnd = (node: number) => nodes[node]!.model?.lifecycle === 'retired';
  const { order, eachDependant } = cutCycles(graph, promoted, isEnd);
  const places = new Map(retrains.slice(0, memberLimits.members).map(({ modelId }, place) => [modelId, place]));
  const before = new Map<number, Set<number>>();
  const waits = new Map<string, readonly number[]>();
  const roots = new Set(promoted);
  for (const node of order) {
    const modelId = nodes[node]!.model?.modelId;
    const place = roots.has(node) || modelId === undefined ? undefined : places.get(modelId);
    const own = before.get(node) ?? new Set<number>();
    before.delete(node);
    if (place !== undefined && modelId !== undefined)
      waits.set(
        modelId,
        [...own].sort((a, b) => a - b),
      );
    const passedOn = place === undefined ? own : [place];
    eachDependant(node, (dependant) => {
      if (roots.has(dependant)) return;
      const known = before.get(dependant) ?? new Set<number>();
      for (const upstream of passedOn) known.add(upstream);
      before.set(dependant, known);
    });
  }
  return waits;
}
