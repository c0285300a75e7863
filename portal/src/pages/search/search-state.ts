import { useSearchParams } from 'wouter';
import type { SearchQuery } from '../../api/graph-queries.ts';

export const facetNames = ['type', 'owner', 'tag', 'platform'] as const;
export type FacetName = (typeof facetNames)[number];
const names = ['q', 'tombstones', ...facetNames] as const;

/** What is searched stands in the address, so that what one sees can be sent to a colleague. */
export function useSearchState() {
  const [parameters, setParameters] = useSearchParams();
  const given = names.flatMap((name) => {
    const value = parameters.get(name)?.trim() ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  return {
    query: Object.fromEntries(given) as SearchQuery,
    isFiltered: given.some(([name]) => name !== 'q' && name !== 'tombstones'),
    set(name: FacetName | 'tombstones', value: string | undefined) {
      setParameters((current) => {
        if (value === undefined) current.delete(name);
        else current.set(name, value);
        return current;
      });
    },
    clear() {
      setParameters((current) => {
        for (const name of facetNames) current.delete(name);
        return current;
      });
    },
  };
}

export type SearchState = ReturnType<typeof useSearchState>;
