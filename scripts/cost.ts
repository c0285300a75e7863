import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { workload } from './cost/assumptions.ts';
import { sectionsOf, withSections } from './cost/document.ts';

// What a million predictions cost: `npm run cost` prints the tables, `-- --write` puts them into docs/cost.md.

const document = new URL('../docs/cost.md', import.meta.url);
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const sections = sectionsOf(workload);
if (values.write) writeFileSync(document, withSections(readFileSync(document, 'utf8'), sections));
else for (const [name, text] of Object.entries(sections)) process.stdout.write(`${name}\n\n${text}\n\n`);
