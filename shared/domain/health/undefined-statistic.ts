/** A statistic that the data do not define. No statistic is NaN, and none throws because of its data. */
export type UndefinedStatistic = { readonly value: null; readonly pValue: null; readonly reason: string };

/** The value, unless values that are no numbers, or too large ones, made it no number either. */
export function finiteStatistic(
  value: number,
  reason = 'a value is not a finite number',
): { readonly value: number } | UndefinedStatistic {
  return Number.isFinite(value) ? { value } : undefinedStatistic(reason);
}

export function undefinedStatistic(reason: string): UndefinedStatistic {
  return { value: null, pValue: null, reason };
}
