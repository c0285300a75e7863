import { readFileSync, writeFileSync } from 'node:fs';
import { rulesTable } from './rules-table.ts';

const page = 'docs/enrichment.md';
const before = /(\| rule \|[^\n]*\n\|[^\n]*\n)(?:[^\n]*\n)*?\n/;

writeFileSync(
  page,
  readFileSync(page, 'utf8').replace(before, (_all, head: string) => `${head}${rulesTable()}\n\n`),
);
