/** A statistic that the data do not define. No statistic is NaN, and none throws because of its data. */
export type UndefinedStatistic = { readonly value: null; readonly pValue: null; readonly reason: string };

export function undefinedStatistic(reason: string): UndefinedStatistic {
  return { value: null, pValue: null, reason };
}
