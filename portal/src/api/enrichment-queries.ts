import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '../../../sdk/client.ts';
import { useRunway } from './runway.tsx';
import type { Quality, SimilarAnswer } from './types.ts';

const refreshMilliseconds = 60_000;
/** The gateway decodes what stands in a path, and names have escapes of their own. */
const inQuery = { uri: '-' } as const;

/** How good what is known of it is. */
export function useQuality(uri: string) {
  const runway = useRunway();
  return useQuery({
    queryKey: ['quality', uri],
    queryFn: (): Promise<Quality> =>
      unwrap(runway.GET('/v1/entities/{uri}/quality', { params: { path: inQuery, query: { uri } } })),
    refetchInterval: refreshMilliseconds,
  });
}

/** Entities that use the same, and what those use that it does not. */
export function useSimilar(uri: string) {
  const runway = useRunway();
  return useQuery({
    queryKey: ['similar', uri],
    queryFn: (): Promise<SimilarAnswer> =>
      unwrap(runway.GET('/v1/entities/{uri}/similar', { params: { path: inQuery, query: { uri, limit: 10 } } })),
    refetchInterval: refreshMilliseconds,
  });
}

/** Relations of it that may be missing. */
export function useSuggestions(uri: string) {
  const runway = useRunway();
  return useQuery({
    queryKey: ['suggestions', uri],
    queryFn: () => unwrap(runway.GET('/v1/suggestions', { params: { query: { uri } } })),
    refetchInterval: refreshMilliseconds,
  });
}

export type Decision = 'accept' | 'reject';

/** Makes an edge of a suggestion, or remembers that it is none; then what hangs on that is asked for again. */
export function useSuggestionDecision(uri: string) {
  const runway = useRunway();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ suggestionId, ...body }: { suggestionId: string; decision: Decision; reason: string }) =>
      unwrap(runway.POST('/v1/suggestions/{suggestionId}/decision', { params: { path: { suggestionId } }, body })),
    onSuccess: () =>
      Promise.all(
        ['suggestions', 'entity', 'quality', 'similar'].map((of) => queries.invalidateQueries({ queryKey: [of, uri] })),
      ),
  });
}
