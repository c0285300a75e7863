import * as z from '../../zod.ts';
import type { Entries, Register } from './entries.ts';
import { nameSchema } from './names.ts';

/** What was measured of a dataset; how many of its columns' values are null, the largest share first. */
export type QualityMetrics = Measured & {
  readonly rowCount?: number | undefined;
  readonly bytes?: number | undefined;
  readonly nullRatios: readonly (readonly [column: string, ratio: number])[];
};

/** What one run wrote: the whole of a dataset, or what it added. */
export type OutputStatistics = Measured & {
  readonly rowCount?: number | undefined;
  readonly bytes?: number | undefined;
};

export type Assertion = Measured & {
  /** The kind of check, e.g. `not_null`. */
  readonly assertion: string;
  /** What people call it, where it has a name of its own. */
  readonly name?: string | undefined;
  /** Absent where it is about the whole dataset. */
  readonly column?: string | undefined;
  readonly isPassed: boolean;
  readonly severity?: string | undefined;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
};

/** `runId` of the run that measured it; absent when no run did. */
type Measured = { readonly runId?: string | undefined };

/** What each check of a dataset gave last, by `assertionKey`. */
export type Assertions = Entries<Register<Assertion>>;

/** The same check of the same column, whichever run makes it; no name has a tab in it. */
export function assertionKey({ assertion, name = assertion, column = '' }: Assertion): string {
  return `${name}\t${column}`;
}

/** More columns than a page shows; of a dataset that has none with nulls nothing is kept. */
const keptColumns = 20;
const maximumItems = 2_000;
const count = z.number().int().min(0);
const optionalCount = count.nullish().catch(undefined).transform(absent);
const optionalText = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((given) => given?.slice(0, 300).toWellFormed());

export const metricsSchema = z
  .object({ rowCount: optionalCount, bytes: optionalCount, columnMetrics: z.record(z.string(), z.unknown()).nullish() })
  .transform(({ rowCount, bytes, columnMetrics }): QualityMetrics => {
    const nullRatios = rowCount ? nullRatiosOf(columnMetrics ?? {}, rowCount) : [];
    return { ...defined({ rowCount, bytes }), nullRatios };
  });

export const statisticsSchema = z
  .object({ rowCount: optionalCount, size: optionalCount })
  .transform(({ rowCount, size: bytes }): OutputStatistics => defined({ rowCount, bytes }));

const assertionSchema = z.object({
  assertion: nameSchema,
  success: z.boolean(),
  name: nameSchema.nullish().transform(absent),
  column: nameSchema.nullish().transform(absent),
  severity: optionalText,
  expected: optionalText,
  actual: optionalText,
});

export const assertionsSchema = z
  .object({ assertions: z.array(z.unknown()) })
  .transform(({ assertions }): readonly Assertion[] =>
    assertions.slice(0, maximumItems).flatMap((each): readonly Assertion[] => {
      const { data } = assertionSchema.safeParse(each);
      if (data === undefined) return [];
      const { success: isPassed, assertion, ...rest } = data;
      return [{ assertion, isPassed, ...defined(rest) }];
    }),
  );

function nullRatiosOf(columns: Readonly<Record<string, unknown>>, rowCount: number): QualityMetrics['nullRatios'] {
  const metric = z.object({ nullCount: count.max(rowCount) });
  return Object.entries(columns)
    .flatMap(([column, measured]): readonly (readonly [string, number])[] => {
      const { data } = metric.safeParse(measured);
      return data && data.nullCount > 0 && nameSchema.safeParse(column).success
        ? [[column, Number((data.nullCount / rowCount).toPrecision(4))]]
        : [];
    })
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, keptColumns);
}

function absent<T>(given: T | null): T | undefined {
  return given ?? undefined;
}

function defined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
