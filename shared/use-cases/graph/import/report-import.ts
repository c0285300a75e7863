import { endsUnsaid, type GraphImport } from '../../../domain/graph/import/graph-import.ts';

/** What whoever asks learns of an import. */
export function reportImport(given: GraphImport) {
  const { revision: _revision, failedIn: _failedIn, pages: _pages, ...report } = given;
  const unsaid = endsUnsaid(given) ? 'applied' : 'withheld';
  return { ...report, ends: given.mode === 'delta' ? ('none' as const) : (unsaid as 'applied' | 'withheld') };
}
