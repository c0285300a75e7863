import { canonicalJson } from '../canonical-json.ts';

/** A value that differs; null where a side has none. */
export type PolicyChange = { readonly path: string; readonly from: unknown; readonly to: unknown };

/**
 * What one policy says otherwise than another, by JSON pointer, down to the single value. Rules are compared by name, so
 * that one which is put before another does not change all that follow.
 */
export function policyDifference(from: unknown, to: unknown, path = ''): readonly PolicyChange[] {
  const [before, after] = [membersOf(from), membersOf(to)];
  if (before === undefined || after === undefined)
    return canonicalJson(from ?? null) === canonicalJson(to ?? null)
      ? []
      : [{ path, from: from ?? null, to: to ?? null }];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => policyDifference(before.get(name), after.get(name), `${path}/${name}`));
}

/** Members of an object, and elements of a list whose elements have names. */
function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const named = value.map((element: unknown): [string, unknown] | undefined =>
    typeof element === 'object' && element !== null && 'name' in element ? [String(element.name), element] : undefined,
  );
  return named.every((element) => element !== undefined) ? new Map(named) : undefined;
}
