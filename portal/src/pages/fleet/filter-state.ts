import { useSearchParams } from 'wouter';
import type { FleetQuery } from '../../api/queries.ts';

export type FilterName = 'team' | 'tier' | 'lifecycle' | 'verdict' | 'q' | 'sort';
const names: readonly FilterName[] = ['team', 'tier', 'lifecycle', 'verdict', 'q', 'sort'];

/** Filters and order stand in the address, so that what one sees can be sent to a colleague. */
export function useFilters() {
  const [parameters, setParameters] = useSearchParams();
  const given = names.flatMap((name) => {
    const value = parameters.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  return {
    // What the address holds is checked by the API, which explains what does not fit.
    query: Object.fromEntries(given) as FleetQuery,
    isFiltered: given.some(([name]) => name !== 'sort'),
    set(name: FilterName, value: string | undefined) {
      setParameters(
        (current) => {
          if (value === undefined || value === '') current.delete(name);
          else current.set(name, value);
          return current;
        },
        // Every letter would be a step back otherwise.
        { replace: name === 'q' },
      );
    },
    clear() {
      setParameters((current) => {
        for (const name of names) if (name !== 'sort') current.delete(name);
        return current;
      });
    },
  };
}

export type Filters = ReturnType<typeof useFilters>;
