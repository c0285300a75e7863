import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Option, Options } from './command.ts';
import { UsageError } from './usage-error.ts';

/** Throws `UsageError` for an unknown or missing option, a value that is no choice, and arguments that are no options. */
export function parseOptions(declared: Readonly<Record<string, Option>>, args: readonly string[]): Options {
  const values = valuesOf(declared, args);
  for (const [name, option] of Object.entries(declared)) check(name, option, values[name]);
  const optional = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : declared[name]?.default;
  };
  return {
    optional,
    text(name) {
      const value = optional(name);
      if (value === undefined) throw new RangeError(`--${name} is neither required nor has it a default`);
      return value;
    },
    list: (name) =>
      [values[name] ?? declared[name]?.default ?? '']
        .flat()
        .flatMap((value) => String(value).split(','))
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    isSet: (name) => values[name] !== undefined,
  };
}

function valuesOf(declared: Readonly<Record<string, Option>>, args: readonly string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries(declared).map(([name, { value, isRepeatable = false }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', multiple: isRepeatable },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function check(name: string, option: Option, given: unknown): void {
  if (given === undefined) {
    if (option.isRequired) throw new UsageError(`--${name} <${option.value}> is missing`);
    return;
  }
  if (given === '') throw new UsageError(`--${name} is empty, expected <${option.value}>`);
  if (option.choices === undefined || option.choices.includes(String(given))) return;
  throw new UsageError(`--${name} is ${String(given)}, expected ${option.choices.join(' or ')}`);
}
