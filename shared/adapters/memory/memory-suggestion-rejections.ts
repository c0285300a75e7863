import { edgeId } from '../../domain/graph/contribution.ts';
import type { SuggestionRejection, SuggestionRejections } from '../../ports/suggestion-rejections.ts';

/** Twin of the notes in the graph table for tests. */
export function createMemorySuggestionRejections(): SuggestionRejections {
  const rejections = new Map<string, SuggestionRejection>();
  return {
    reject: async (rejection) => {
      rejections.set(edgeId(rejection.edge), rejection);
    },
    all: async () => rejections,
  };
}
