import type { ModelRow } from '../registry/model-row.ts';
import { instantSchema } from '../time.ts';
import * as z from '../zod.ts';
import type { DownstreamModel } from './downstream-health-signal.ts';
import type { HealthRow } from './health-row.ts';
import { defaultFalseAlarmsPerWeek, type TeamState } from './team.ts';

const scoreSchema = z.number().min(0).max(1);

/** What of the rest of the fleet enters the evaluations of a scan: nothing else does. */
export const fleetContextSchema = z.object({
  /** By team. */
  budgets: z.record(z.string(), z.object({ falseAlarmsPerWeek: z.number(), testsOfTeam: z.number() })),
  /** By model: those that consume it and have labels. */
  downstream: z.record(
    z.string(),
    z.array(z.object({ modelId: z.string(), evaluatedAt: instantSchema, realized: z.object({ score: scoreSchema }) })),
  ),
});
export type FleetContext = z.infer<typeof fleetContextSchema>;

/** Of a model that was last changed before its row said how many tests it has: twenty features, binary. */
const assumedTests = 66;

/** From the rows that a scan reads. Budgets are shared among the models that serve. */
export function fleetContext(
  serving: readonly ModelRow[],
  healthRows: readonly HealthRow[],
  teams: readonly TeamState[],
): FleetContext {
  const healthOf = new Map(healthRows.map((row) => [row.modelId, row]));
  const budgetOf = new Map(teams.map(({ team, falseAlarmsPerWeek }) => [team, falseAlarmsPerWeek]));
  const budgets: FleetContext['budgets'] = {};
  const downstream: Record<string, DownstreamModel[]> = {};
  for (const { modelId, team, tests = assumedTests, upstreamModels = [], champion } of serving) {
    const falseAlarmsPerWeek = budgetOf.get(team) ?? defaultFalseAlarmsPerWeek;
    budgets[team] = { falseAlarmsPerWeek, testsOfTeam: (budgets[team]?.testsOfTeam ?? 0) + tests };
    const { evaluatedAt, realized, version } = healthOf.get(modelId) ?? {};
    if (evaluatedAt === undefined || realized === undefined || version !== champion?.version) continue;
    for (const upstream of upstreamModels)
      downstream[upstream] = [...(downstream[upstream] ?? []), { modelId, evaluatedAt, realized }];
  }
  return { budgets, downstream };
}

/** As much of it as these models need. */
export function contextOf(context: FleetContext, models: readonly Pick<ModelRow, 'modelId' | 'team'>[]): FleetContext {
  return {
    budgets: picked(
      context.budgets,
      models.map(({ team }) => team),
    ),
    downstream: picked(
      context.downstream,
      models.map(({ modelId }) => modelId),
    ),
  };
}

function picked<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  const wanted = new Set(names);
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
}
