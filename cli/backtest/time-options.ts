import { type Instant, toInstant } from '../../shared/domain/time.ts';
import type { Options } from '../command.ts';
import { unixSeconds } from '../instant.ts';
import { UsageError } from '../usage-error.ts';

export type Stretch = { readonly from: Instant; readonly to: Instant };

const duration = /^([1-9]\d{0,3})([hd])$/;

/** Whole hours of `6h` or `2d`. Throws `UsageError`. */
export function hoursOption(options: Options, name: string): number {
  const text = options.text(name);
  const [, count, unit] = duration.exec(text) ?? [];
  if (count === undefined) throw new UsageError(`--${name} is ${text}, expected whole hours or days, e.g. 6h or 1d`);
  return Number(count) * (unit === 'd' ? 24 : 1);
}

/** Undefined when it was not given. Throws `UsageError`. */
export function instantOption(options: Options, name: string): Instant | undefined {
  const text = options.optional(name);
  return text === undefined ? undefined : instantOf(name, text);
}

/** Stretches `from..to`. Throws `UsageError`. */
export function stretchesOption(options: Options, name: string): readonly Stretch[] {
  return options.list(name).map((text) => {
    const ends = text.split('..');
    if (ends.length !== 2) throw new UsageError(`--${name} is ${text}, expected from..to`);
    const [from, to] = [instantOf(name, ends[0]!), instantOf(name, ends[1]!)];
    if (from < to) return { from, to };
    throw new UsageError(`--${name} is ${text}, expected from..to with a moment before the other`);
  });
}

function instantOf(name: string, text: string): Instant {
  const seconds = unixSeconds(text);
  const date = new Date((seconds ?? Number.NaN) * 1_000);
  if (!Number.isNaN(date.getTime())) return toInstant(date.getTime());
  throw new UsageError(`--${name} is ${text}, expected Unix seconds, milliseconds or ISO-8601`);
}
