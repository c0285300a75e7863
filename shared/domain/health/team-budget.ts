import type { Policy } from '../registry/policy.ts';
import { alphaOf, qValues, type WindowKind } from './alert-budget.ts';
import { effectiveLooks } from './effective-looks.ts';
import type { AlertBudget, Signal, SignalPart } from './evaluation.ts';
import { aboutAnchor } from './part-label.ts';
import { type AlphaOf, significanceOf } from './significance.ts';

/** What of its team enters a model's evaluation: two numbers, recorded with it. */
export type TeamBudget = Pick<AlertBudget, 'falseAlarmsPerWeek' | 'testsOfTeam'>;

const dayMinutes = 24 * 60;

// A team's models have few intervals and windows between them, and a level takes a hundred quantiles.
const rememberedBudgets = 1_000;
const known = new Map<string, AlertBudget>();

/** Levels of a model's tests out of its team's budget; undefined when the policy takes no part in it. */
export function alertBudgetOf(policy: Policy, team: TeamBudget | undefined): AlertBudget | undefined {
  if (!policy.fleetControl || team === undefined) return undefined;
  const { falseAlarmsPerWeek, testsOfTeam } = team;
  const intervalMinutes = policy.evaluationIntervalMinutes;
  const windowMinutes = { short: policy.shortWindow.minimumHours * 60, long: policy.windowDays * dayMinutes };
  const key = [falseAlarmsPerWeek, testsOfTeam, intervalMinutes, windowMinutes.short, windowMinutes.long].join(' ');
  const budget = known.get(key) ?? budgetOf(team, intervalMinutes, windowMinutes);
  if (known.size >= rememberedBudgets) known.clear();
  known.set(key, budget);
  return budget;
}

function budgetOf(
  { falseAlarmsPerWeek, testsOfTeam }: TeamBudget,
  intervalMinutes: number,
  windowMinutes: Readonly<Record<WindowKind, number>>,
): AlertBudget {
  const level = (window: 'short' | 'long') =>
    alphaOf({
      budgetPerWeek: falseAlarmsPerWeek,
      tests: testsOfTeam,
      window,
      windowMinutes: windowMinutes[window],
      intervalMinutes,
    });
  const [alphaShort, alphaLong] = [level('short'), level('long')];
  const looks = (window: 'short' | 'long', alpha: number) =>
    effectiveLooks({ windowMinutes: windowMinutes[window], intervalMinutes }, alpha);
  return {
    falseAlarmsPerWeek,
    testsOfTeam,
    looksPerWeek: { short: looks('short', alphaShort), long: looks('long', alphaLong) },
    alphaShort,
    alphaLong,
  };
}

/** From the budget, or the policy's own significance where there is none. */
export function alphaFrom(policy: Policy, budget: AlertBudget | undefined): AlphaOf {
  if (budget === undefined) return significanceOf(policy);
  return ({ window }) => (window === 'short' ? budget.alphaShort : budget.alphaLong);
}

/** The signals with the q-value of each test of what is served among all of this evaluation. */
export function withQValues(signals: readonly Signal[]): readonly Signal[] {
  const evidenceOf = ({ name, evidence }: SignalPart) => (aboutAnchor(name) === undefined ? evidence : null);
  const all = qValues(signals.flatMap(({ parts }) => parts.map(evidenceOf))).values();
  return signals.map((signal) => ({
    ...signal,
    parts: signal.parts.map((part) => {
      const qValue = all.next().value ?? null;
      return qValue === null ? part : { ...part, qValue };
    }),
  }));
}
