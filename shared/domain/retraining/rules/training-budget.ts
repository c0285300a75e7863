import { type Instant, monthOf } from '../../time.ts';
import * as z from '../../zod.ts';

export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code, e.g. EUR');

/** What a run cost, as its trainer says. */
export const trainingCostSchema = z.strictObject({
  amount: z.number().min(0).max(1_000_000_000),
  currency: currencySchema,
});
export type TrainingCost = z.infer<typeof trainingCostSchema>;

/** Of a calendar month (UTC). A model whose team has spent the team's share waits as well. */
export const trainingBudgetSchema = z
  .strictObject({
    currency: currencySchema,
    modelPerMonth: z.number().min(0).optional(),
    teamPerMonth: z.number().min(0).optional(),
  })
  .refine(({ modelPerMonth, teamPerMonth }) => modelPerMonth !== undefined || teamPerMonth !== undefined, {
    error: 'expected modelPerMonth, teamPerMonth or both',
  });

/** Amounts by currency. */
type Amounts = Readonly<Record<string, number>>;

/** Head of the stream `training-costs#<team>#<month>`: what a team's runs cost in that month, by model. */
export type TrainingCosts = {
  readonly team: string;
  /** `2001-01` */
  readonly month: string;
  readonly byModel: Readonly<Record<string, Amounts>>;
};

export type TrainingCostEvent = {
  readonly type: 'TrainingCostReported';
  readonly schemaVersion: 1;
  readonly team: string;
  readonly month: string;
  readonly modelId: string;
  readonly runId: string;
  readonly cost: TrainingCost;
};

/** What was spent in the month of `now`, in one currency. Costs in another are not converted and do not count. */
export type Spent = { readonly model: number; readonly team: number };

export function noCosts(team: string, now: Instant): TrainingCosts {
  return { team, month: monthOf(now), byModel: {} };
}

export function evolveCosts(costs: TrainingCosts, { modelId, cost }: TrainingCostEvent): TrainingCosts {
  const of = costs.byModel[modelId] ?? {};
  const amounts = { ...of, [cost.currency]: money((of[cost.currency] ?? 0) + cost.amount) };
  return { ...costs, byModel: { ...costs.byModel, [modelId]: amounts } };
}

export function spentOf({ byModel }: TrainingCosts, modelId: string, currency: string): Spent {
  const amounts = Object.values(byModel).map((of) => of[currency] ?? 0);
  return { model: byModel[modelId]?.[currency] ?? 0, team: money(amounts.reduce((sum, amount) => sum + amount, 0)) };
}

/** A millionth of the currency's unit is as fine as it is kept, so that 0.1 + 0.2 is 0.3. */
function money(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}
