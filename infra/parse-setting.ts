/** Each throws an Error that names the setting, what was given and what is expected. */

export type Reader<T> = (name: string, given: unknown) => T;

/** One of the words. */
export function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return (name, given) => words.find((word) => word === String(given)) ?? refuse(name, given, words.join(' or '));
}

/** A whole number within both bounds. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> {
  const expected = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  return (name, given) => {
    const value = numberOf(given);
    return Number.isInteger(value) && value >= least && value <= most
      ? value
      : refuse(name, given, `a whole number ${expected}`);
  };
}

/** A multiple of `step` within both bounds. */
export function steppedNumber(least: number, most: number, step: number): Reader<number> {
  return (name, given) => {
    const value = numberOf(given);
    return value >= least && value <= most && Number.isInteger(value / step)
      ? value
      : refuse(name, given, `a number from ${least} to ${most} in steps of ${step}`);
  };
}

/** One of the numbers a service takes. */
export function oneOfNumbers(numbers: readonly number[]): Reader<number> {
  return (name, given) =>
    numbers.find((number) => number === numberOf(given)) ?? refuse(name, given, `one of ${numbers.join(', ')}`);
}

/** Text of a shape; `expected` says it in words. */
export function shaped(pattern: RegExp, expected: string): Reader<string> {
  return (name, given) => (typeof given === 'string' && pattern.test(given) ? given : refuse(name, given, expected));
}

/** Undefined when the setting is absent; an empty text is absent too, so that a command line can take one back. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (name, given) => (given === undefined || given === '' ? undefined : read(name, given));
}

function numberOf(given: unknown): number {
  return typeof given === 'string' && given.trim() === '' ? Number.NaN : Number(given);
}

function refuse(name: string, given: unknown, expected: string): never {
  throw new Error(
    `setting ${name}: expected ${expected}, got ${given === undefined ? 'nothing' : JSON.stringify(given)}`,
  );
}
