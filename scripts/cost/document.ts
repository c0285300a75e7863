import type { Workload } from './assumptions.ts';
import { batchTable, packingTable, sampledTable, storeTable, windowTable } from './choice-tables.ts';
import { caps } from './choices.ts';
import { capTable, rateTable, rowsTable } from './detection-tables.ts';
import { assumptionsTable, pricesTable } from './price-tables.ts';
import { linesTable, resultTable, verdictText } from './result-tables.ts';

/** What the script writes into the document, by the name in its markers. */
export function sectionsOf(workload: Workload): Readonly<Record<string, string>> {
  return {
    verdict: verdictText(workload),
    result: resultTable(workload),
    lines: linesTable(workload),
    sampled: sampledTable(caps, workload),
    packing: packingTable(workload),
    window: windowTable(workload),
    store: storeTable(workload),
    batch: batchTable(workload),
    rows: rowsTable(workload),
    cap: capTable(workload),
    rate: rateTable(workload),
    prices: pricesTable(),
    assumptions: assumptionsTable(),
  };
}

/**
 * The document with its sections as they are computed, between `<!-- cost:<name> -->` and `<!-- /cost -->`. Throws an Error
 * that names a section which is unknown, missing or there twice.
 */
export function withSections(document: string, sections: Readonly<Record<string, string>>): string {
  const left = new Set(Object.keys(sections));
  const written = document.replace(/<!-- cost:(\w+) -->\n[\s\S]*?<!-- \/cost -->/g, (_match, name: string) => {
    const section = sections[name];
    if (section === undefined || !left.delete(name))
      throw new Error(`section ${name} of the document is not known, or there twice`);
    return `<!-- cost:${name} -->\n\n${section}\n\n<!-- /cost -->`;
  });
  if (left.size > 0) throw new Error(`the document has no section ${[...left].join(', ')}`);
  return written;
}
