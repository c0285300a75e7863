import { rules } from '../shared/domain/graph/enrichment/rules.ts';

/** Rows of the table in docs/enrichment.md. */
export function rulesTable(): string {
  return rules
    .map(({ id, type, confidence, evidence }) => `| ${id} | \`${type}\` | ${confidence} | ${evidence} |`)
    .join('\n');
}
