import * as z from '../../zod.ts';

const metricSchema = z.enum(['auc', 'accuracy', 'log-loss', 'brier-score', 'squared-error', 'absolute-error']);
export type GateMetric = z.infer<typeof metricSchema>;
export type Direction = 'higher-is-better' | 'lower-is-better';

/** Which way is better, by metric; of a classifier's metrics none is one of a regression. */
export const gateMetrics: Readonly<
  Record<GateMetric, { readonly direction: Direction; readonly taskType: 'binary' | 'regression' }>
> = {
  auc: { direction: 'higher-is-better', taskType: 'binary' },
  accuracy: { direction: 'higher-is-better', taskType: 'binary' },
  'log-loss': { direction: 'lower-is-better', taskType: 'binary' },
  'brier-score': { direction: 'lower-is-better', taskType: 'binary' },
  'squared-error': { direction: 'lower-is-better', taskType: 'regression' },
  'absolute-error': { direction: 'lower-is-better', taskType: 'regression' },
};

const compared = {
  metric: metricSchema,
  /** Accuracy: the score from which a row counts as positive. @default 0.5 */
  threshold: z.number().min(0).max(1).optional(),
  /** Losses: Wilcoxon's test judges the median difference, which a few huge errors do not decide. @default paired-t */
  test: z.enum(['paired-t', 'wilcoxon']).optional(),
};

/** A limit for the difference between candidate and champion on the same hold-out, in the metric's own unit. */
export const gateSchema = z
  .strictObject({
    ...compared,
    /** The interval must lie above it. */
    minimumImprovement: z.number().positive().optional(),
    /** The interval must not reach beyond it. */
    maximumRegression: z.number().min(0).optional(),
  })
  .refine(
    ({ minimumImprovement, maximumRegression }) =>
      (minimumImprovement === undefined) !== (maximumRegression === undefined),
    'expected either minimumImprovement or maximumRegression',
  );

/** Each value of a segment, as the rows of the hold-out name it, must not be shown to have become worse. */
export const sliceGateSchema = z.strictObject({
  ...compared,
  segment: z.string().min(1).max(100),
  maximumRegression: z.number().min(0),
  /** A slice with fewer rows is listed, not judged. @default 100 */
  minimumRows: z.number().int().min(2).optional(),
});

export type Gate = z.infer<typeof gateSchema>;
export type SliceGate = z.infer<typeof sliceGateSchema>;
export type ComparedMetric = Pick<Gate, 'metric' | 'threshold' | 'test'>;

/** Why gates cannot judge models of this kind; empty when they can. */
export function gateProblems(
  { gates = [], slices = [] }: { readonly gates?: readonly Gate[]; readonly slices?: readonly SliceGate[] },
  model: { readonly taskType: 'binary' | 'regression'; readonly segments: readonly string[] },
): readonly string[] {
  const unfit = [...gates, ...slices]
    .filter(({ metric }) => gateMetrics[metric].taskType !== model.taskType)
    .map(({ metric }) => `${metric} is no metric of a ${model.taskType} model`);
  const unknown = slices
    .filter(({ segment }) => !model.segments.includes(segment))
    .map(({ segment }) => `the model has no segment ${JSON.stringify(segment)}`);
  return [...unfit, ...unknown];
}
