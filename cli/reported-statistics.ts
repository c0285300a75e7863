/** A figure, or why there is none. */
export type Statistic = { readonly value: number } | { readonly value: null; readonly reason: string };

/** The figures by name, null where there is none, and then why. */
export type Reported<Name extends string> = Readonly<Record<Name, number | null>> & {
  readonly reasons?: Partial<Readonly<Record<Name, string>>>;
};

export function reported<Name extends string>(statistics: Readonly<Record<Name, Statistic>>): Reported<Name> {
  const entries = Object.entries<Statistic>(statistics);
  const reasons = entries.flatMap(([name, statistic]) => (statistic.value === null ? [[name, statistic.reason]] : []));
  const figures = Object.fromEntries(entries.map(([name, { value }]) => [name, value]));
  return { ...figures, ...(reasons.length === 0 ? {} : { reasons: Object.fromEntries(reasons) }) } as Reported<Name>;
}
