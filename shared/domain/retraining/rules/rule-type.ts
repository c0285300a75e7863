import { signalNames } from '../../health/evaluation.ts';
import { weekdays } from './wall-clock.ts';

/** Types of what a rule can speak of; an `enum` is a string that takes these values only. */
export type RuleType =
  | { readonly kind: 'double' | 'int' | 'bool' | 'string' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly element: RuleType | undefined }
  | { readonly kind: 'object'; readonly fields: RuleFields };

export type RuleFields = Readonly<Record<string, RuleField>>;
/** `isOptional`: may be missing; a rule that needs it then does not match. */
export type RuleField = { readonly type: RuleType; readonly isOptional?: true };

const double: RuleField = { type: { kind: 'double' } };
const int: RuleField = { type: { kind: 'int' } };
const bool: RuleField = { type: { kind: 'bool' } };
const string: RuleField = { type: { kind: 'string' } };
const maybeDouble: RuleField = { ...double, isOptional: true };

function oneOf(...values: readonly string[]): RuleField {
  return { type: { kind: 'enum', values } };
}

function object(fields: RuleFields): RuleField {
  return { type: { kind: 'object', fields } };
}

const signal: RuleField = {
  ...object({
    verdict: oneOf('ok', 'warning', 'breach', 'insufficient-data'),
    /** In the signal's own unit. */
    value: maybeDouble,
    /** 0 fresh … 1 stale. */
    score: maybeDouble,
    /** As a share of its breach limit. */
    effect: maybeDouble,
    pValue: maybeDouble,
    n: int,
    nNeeded: int,
    maturity: maybeDouble,
  }),
  isOptional: true,
};

/** Everything that a rule can speak of. docs/policies.md says what it means; a test compares the two. */
export const ruleVariables: RuleFields = {
  signals: object(Object.fromEntries(signalNames.map((name) => [name, signal]))),
  confidence: oneOf('high', 'medium', 'low', 'none'),
  health: object({
    verdict: oneOf('healthy', 'at-risk', 'unknown'),
    status: oneOf('healthy', 'at-risk', 'unknown'),
    sinceDays: double,
    stalenessScore: maybeDouble,
    coverageRatio: maybeDouble,
    causes: { type: { kind: 'list', element: { kind: 'enum', values: [...signalNames, 'staleness-score'] } } },
  }),
  model: object({
    modelId: string,
    tier: int,
    team: string,
    domain: string,
    taskType: oneOf('binary', 'regression'),
    lifecycle: oneOf(
      'registered',
      'active',
      'monitoring',
      'at-risk',
      'retraining',
      'validating',
      'rollback',
      'deprecated',
      'retired',
    ),
    championVersion: { ...int, isOptional: true },
    trainingDataAgeDays: maybeDouble,
    lastRetrainAgeDays: maybeDouble,
    retrainCount: int,
  }),
  calendar: object({
    timeZone: string,
    date: string,
    weekday: oneOf(...weekdays),
    month: int,
    dayOfMonth: int,
    hour: int,
    minute: int,
    isOffPeak: bool,
  }),
  budget: object({
    spentThisMonth: maybeDouble,
    limit: maybeDouble,
    remaining: maybeDouble,
    teamSpentThisMonth: maybeDouble,
    teamLimit: maybeDouble,
    teamRemaining: maybeDouble,
  }),
};

export function typeWords(type: RuleType): string {
  if (type.kind === 'enum') return `one of ${type.values.map((value) => JSON.stringify(value)).join(', ')}`;
  if (type.kind === 'list') return 'a list';
  if (type.kind === 'object') return `a group with ${Object.keys(type.fields).join(', ')}`;
  return type.kind;
}
