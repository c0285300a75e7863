import { minuteMillis, toInstant } from '../../time.ts';
import { admitDependants } from './admit-dependants.ts';
import type {
  CascadeNode,
  CascadePlan,
  CascadeRequest,
  PlannedCost,
  PlannedCycle,
  PlannedRetrain,
  PlannedWave,
} from './cascade-plan.ts';
import { type CutCycle, cutCycles } from './cut-cycles.ts';
import { type ScheduledRetrain, scheduleCascade } from './schedule-cascade.ts';

/**
 * What retrains after the promoted nodes: each dependant once, after all that it depends on and that retrains too. The
 * same request gives the same plan. O(nodes + edges + retrains · log retrains), off-peak windows apart.
 */
export function planCascade(request: CascadeRequest): CascadePlan {
  const { graph, nodes, promoted, rules, now } = request;
  // Its streams end a retired model's own edges, not those of who still names it.
  const isEnd = (node: number) => nodes[node]!.model?.lifecycle === 'retired';
  const reach = cutCycles(graph, promoted, isEnd);
  const admission = admitDependants(request, reach);
  const retrains = scheduleCascade(request, reach, admission).map(toPlanned);
  const limit = rules.blastRadius.dependants;
  const endsAt = latest(retrains);
  return {
    plannedAt: now,
    retrains,
    waves: toWaves(retrains),
    excluded: admission.excluded,
    cycles: reach.cycles.map((cycle) => toCycle(cycle, nodes)),
    blastRadius: { retrains: retrains.length, limit, isExceeded: retrains.length > limit },
    cost: costOf(retrains),
    costByTeam: costByTeam(retrains),
    ...(endsAt !== undefined && { endsAt }),
  };
}

function toPlanned({ model, wave, startsAt, batch }: ScheduledRetrain): PlannedRetrain {
  const { modelId, team, tier, expectedCost, companionOf, openRetrain, trainingMinutes, rolloutMinutes } = model;
  const trainedAt = startsAt + trainingMinutes * minuteMillis;
  return {
    modelId,
    team,
    tier,
    wave,
    ...(batch > 0 && { batch }),
    cost: expectedCost,
    ...(companionOf !== undefined && { companionOf }),
    ...(openRetrain !== undefined && { joins: openRetrain }),
    ...(!Number.isNaN(startsAt) && {
      startsAt: toInstant(startsAt),
      trainedAt: toInstant(trainedAt),
      promotedAt: toInstant(trainedAt + rolloutMinutes * minuteMillis),
    }),
  };
}

function toWaves(retrains: readonly PlannedRetrain[]): readonly PlannedWave[] {
  const byWave = Map.groupBy(retrains, ({ wave }) => wave);
  return [...byWave].map(([wave, members]) => {
    const startsAt = members.reduce<string | undefined>(
      (least, member) =>
        member.startsAt !== undefined && (least === undefined || member.startsAt < least) ? member.startsAt : least,
      undefined,
    );
    const promotedAt = latest(members);
    return {
      wave,
      retrains: members.length,
      cost: costOf(members),
      ...(startsAt !== undefined && { startsAt }),
      ...(promotedAt !== undefined && { promotedAt }),
    };
  });
}

/** Undefined when one of them will never be promoted, or when there is none. */
function latest(retrains: readonly PlannedRetrain[]): string | undefined {
  let last = '';
  for (const { promotedAt } of retrains) {
    if (promotedAt === undefined) return undefined;
    if (promotedAt > last) last = promotedAt;
  }
  return last === '' ? undefined : last;
}

function costOf(retrains: readonly PlannedRetrain[]): PlannedCost {
  return {
    known: retrains.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
    unknown: retrains.filter(({ cost }) => cost === null).length,
  };
}

function costByTeam(retrains: readonly PlannedRetrain[]): Readonly<Record<string, PlannedCost>> {
  const byTeam = Map.groupBy(retrains, ({ team }) => team);
  return Object.fromEntries([...byTeam.keys()].toSorted().map((team) => [team, costOf(byTeam.get(team)!)]));
}

function toCycle({ members, cuts }: CutCycle, nodes: readonly CascadeNode[]): PlannedCycle {
  const uriOf = (node: number) => nodes[node]!.uri;
  return {
    members: members.map(uriOf),
    cuts: cuts.map(({ dependant, dependency }) => ({
      dependant: uriOf(dependant),
      dependency: uriOf(dependency),
      reason:
        `${uriOf(dependency)} depends on ${uriOf(dependant)} in turn, ` +
        'and of those that depend on each other the ones for which most others wait go first',
    })),
  };
}
