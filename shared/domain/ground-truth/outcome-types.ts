import * as z from '../zod.ts';

/** What predictions without a record hold under a name of their own kind, e.g. `click`, `watch-hours`, `churn`. */
export const outcomeTypeNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected 1 to 32 lower-case letters, digits or hyphens, starting with a letter');

const outcomeTypeSchema = z.strictObject({
  name: outcomeTypeNameSchema,
  kind: z.enum(['binary', 'numeric']),
  /** How long after the prediction a record of it still counts. @default the model's */
  attributionWindowMinutes: z.number().int().min(5).max(129_600).optional(),
  /** Whether its records say what the model predicts, or stand in for it. */
  provenance: z.enum(['exact', 'proxy']).default('exact'),
  /**
   * What a prediction without a record by the end of the window is taken to have: 0 where only positives are ever
   * recorded. @default none: it stays without a label
   */
  imputedLabel: z.number().optional(),
});

/** The first is the primary one: what records say that name no type, and what the model is judged by. */
export const outcomeTypeListSchema = z
  .array(outcomeTypeSchema)
  .min(1)
  .max(8, 'expected at most 8 outcome types')
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'names of outcome types must be unique')
  .refine(
    (list) => list.every(({ kind, imputedLabel }) => kind === 'numeric' || [undefined, 0, 1].includes(imputedLabel)),
    'the imputed label of a binary outcome type must be 0 or 1',
  );

/** How many predictions of a model are sent to be joined and counted; both sides choose by hash of the id. */
export const samplingSchema = z.strictObject({
  /** Share of all predictions, 0 exclusive to 1. */
  ratio: z.number().gt(0).max(1).default(1),
  /** More than these in an hour are thinned further, by halves. */
  maximumPerHour: z.number().int().min(100).max(10_000_000).default(10_000),
  /** Predictions of these segments are always sent; the whole is counted without those that the sample lacks. */
  exemptSegments: z.array(z.string().max(63)).max(10).default([]),
});

export type OutcomeTypeDefinition = z.infer<typeof outcomeTypeSchema>;
export type Sampling = z.infer<typeof samplingSchema>;
/** How a label came about. `imputed`: none came, and the outcome type says what that means. */
export type Provenance = 'exact' | 'proxy' | 'imputed';
/** As the model means it: nothing is left to defaults. */
export type OutcomeType = OutcomeTypeDefinition & { readonly attributionWindowMinutes: number };

type Definition = {
  readonly taskType: string;
  readonly attributionWindowMinutes: number;
  readonly outcomeTypes?: readonly OutcomeTypeDefinition[] | undefined;
};

/** Name of the only outcome type of a model that names none. */
export const defaultOutcomeType = 'label';

/** At least one; the first is the primary one. */
export function outcomeTypesOf({ taskType, attributionWindowMinutes, outcomeTypes }: Definition): OutcomeType[] {
  if (outcomeTypes !== undefined)
    return outcomeTypes.map((type) => ({
      ...type,
      attributionWindowMinutes: type.attributionWindowMinutes ?? attributionWindowMinutes,
    }));
  const kind = taskType === 'binary' ? 'binary' : 'numeric';
  return [{ name: defaultOutcomeType, kind, attributionWindowMinutes, provenance: 'exact' }];
}
