import { alphaOf, testsPerFeature } from '../../shared/domain/health/alert-budget.ts';

/** 20 models of 20 features, looked at every quarter of an hour, for one false alarm per week. */
const team = { budgetPerWeek: 1, tests: 20 * 20 * testsPerFeature, intervalMinutes: 15 } as const;

export const limits = { warning: 0.1, breach: 0.25 } as const;
export const longAlpha = alphaOf({ ...team, window: 'long', windowMinutes: 7 * 24 * 60 });
export const shortAlpha = alphaOf({ ...team, window: 'short', windowMinutes: 60 });
