import type { Model, Policy } from '../../api/types.ts';

type Task = Model['definition']['taskType'];

/** A field of the policy that is often changed, as a person types it. Empty: `null`, the test is switched off. */
export type NumberField = {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly max?: number;
  readonly step: number | 'any';
  readonly isOptional?: boolean;
  /** Only of models with this task. */
  readonly task?: Task;
  readonly read: (policy: Policy) => number | null;
  readonly write: (policy: Policy, value: number | null) => Policy;
};

const numberFields: readonly NumberField[] = [
  {
    id: 'psiBreach',
    label: 'PSI that breaches',
    hint: 'of a feature against its reference',
    min: 0,
    step: 'any',
    read: ({ signals }) => signals.dataDrift.psiBreach,
    write: (policy, value) => withSignal(policy, 'dataDrift', { psiBreach: value ?? 0 }),
  },
  {
    id: 'aucDrop',
    label: 'AUC may drop by',
    hint: 'empty: not judged',
    min: 0,
    step: 'any',
    isOptional: true,
    task: 'binary',
    read: ({ signals }) => signals.performance.aucDrop,
    write: (policy, aucDrop) => withSignal(policy, 'performance', { aucDrop }),
  },
  {
    id: 'logLossSkillDrop',
    label: 'Log-loss skill may drop by',
    hint: 'empty: not judged',
    min: 0,
    step: 'any',
    isOptional: true,
    task: 'binary',
    read: ({ signals }) => signals.performance.logLossSkillDrop,
    write: (policy, logLossSkillDrop) => withSignal(policy, 'performance', { logLossSkillDrop }),
  },
  {
    id: 'rmseIncreaseRatio',
    label: 'RMSE may rise by',
    hint: '0.2 is 20 %; empty: not judged',
    min: 0,
    step: 'any',
    isOptional: true,
    task: 'regression',
    read: ({ signals }) => signals.performance.rmseIncreaseRatio,
    write: (policy, rmseIncreaseRatio) => withSignal(policy, 'performance', { rmseIncreaseRatio }),
  },
  {
    id: 'stalenessThreshold',
    label: 'At risk above staleness',
    hint: '0 fresh to 1 stale',
    min: 0,
    max: 1,
    step: 'any',
    read: ({ stalenessThreshold }) => stalenessThreshold,
    write: (policy, value) => ({ ...policy, stalenessThreshold: value ?? 0 }),
  },
  {
    id: 'significance',
    label: 'Significant below p',
    hint: 'of each test, where the team’s alert budget sets none',
    min: 0,
    max: 0.5,
    step: 'any',
    read: ({ significance }) => significance,
    write: (policy, value) => ({ ...policy, significance: value ?? 0 }),
  },
  {
    id: 'clearEvaluations',
    label: 'A breach is over after',
    hint: 'trusted evaluations in a row that find it clear',
    min: 1,
    max: 100,
    step: 1,
    read: ({ hysteresis }) => hysteresis.clearEvaluations,
    write: (policy, value) => ({ ...policy, hysteresis: { ...policy.hysteresis, clearEvaluations: value ?? 0 } }),
  },
  {
    id: 'clearRatio',
    label: 'Clear below',
    hint: 'of the limit; 0.8 is four fifths',
    min: 0,
    max: 1,
    step: 'any',
    read: ({ hysteresis }) => hysteresis.clearRatio,
    write: (policy, value) => ({ ...policy, hysteresis: { ...policy.hysteresis, clearRatio: value ?? 0 } }),
  },
  {
    id: 'cooldownDays',
    label: 'Days between retrains',
    hint: 'whatever became of the first',
    min: 0,
    max: 365,
    step: 'any',
    read: ({ retraining }) => retraining.cooldownDays,
    write: (policy, value) => ({ ...policy, retraining: { ...policy.retraining, cooldownDays: value ?? 0 } }),
  },
];

export const switchFields = [
  { id: 'onPerformance', label: 'Retrain when performance breaches' },
  { id: 'onDrift', label: 'Retrain when inputs drift' },
] as const;

/** What stands in the form: numbers as they were typed, switches as `true` or `false`. */
export type Typed = Readonly<Record<string, string>>;

export function fieldsOf(task: Task): readonly NumberField[] {
  return numberFields.filter((field) => field.task === undefined || field.task === task);
}

export function typedOf(policy: Policy): Typed {
  return {
    ...Object.fromEntries(numberFields.map(({ id, read }) => [id, String(read(policy) ?? '')])),
    ...Object.fromEntries(switchFields.map(({ id }) => [id, String(policy.retraining[id])])),
  };
}

/** The policy with what was typed in its place; everything that has no field stays. */
export function policyOf(base: Policy, typed: Typed): Policy {
  const { retraining } = base;
  const switched = { ...retraining, ...Object.fromEntries(switchFields.map(({ id }) => [id, typed[id] === 'true'])) };
  return numberFields.reduce<Policy>(
    (policy, { id, write }) => write(policy, typed[id] === undefined || typed[id] === '' ? null : Number(typed[id])),
    { ...base, retraining: switched },
  );
}

function withSignal<Name extends keyof Policy['signals']>(
  policy: Policy,
  name: Name,
  change: Partial<Policy['signals'][Name]>,
): Policy {
  return { ...policy, signals: { ...policy.signals, [name]: { ...policy.signals[name], ...change } } };
}
