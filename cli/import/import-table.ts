import { textTable } from '../text-table.ts';
import type { GraphImport } from './import-service.ts';

/** For people: what came of it, and the first lines that were not accepted. */
export function importTable(report: GraphImport): string {
  const counts = ['lines', 'entities', 'edges', 'rejected', 'changed', 'same', 'retired'] as const;
  const errors = report.errors.map(
    ({ part, line, reason }) => `${part === undefined ? '' : `part ${part}, `}line ${line ?? '?'}: ${reason}`,
  );
  const what = `${report.importId} ${report.status}, what was not said: ${report.ends}`;
  return [what, textTable(counts, [counts.map((name) => report[name])]), ...errors].join('\n');
}
