import { mkdirSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '../shared/api/openapi.ts';

const target = new URL('../docs/api/openapi.json', import.meta.url);
mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, `${JSON.stringify(openApiDocument(), undefined, 2)}\n`);
