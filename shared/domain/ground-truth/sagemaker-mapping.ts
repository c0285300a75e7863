import * as z from '../zod.ts';

/** How a model's rows stand in what SageMaker captured. A row is a line of CSV, a list, or an object by feature names. */
export const sageMakerMappingSchema = z.strictObject({
  /** The feature in each column of a line or list of input; '' where it is none. @default the version's features in order */
  columns: z.array(z.string().max(128)).min(1).max(2_000).optional(),
  /** Where the score is in a row of output: a column from 0, or a field. @default 0, or `score` of an object */
  score: z.union([z.number().int().min(0).max(10_000), z.string().min(1).max(128)]).optional(),
});

export type SageMakerMapping = z.infer<typeof sageMakerMappingSchema>;
