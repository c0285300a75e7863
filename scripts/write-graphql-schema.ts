import { writeFileSync } from 'node:fs';
import { printSchema } from 'graphql';
import { createGraphSchema } from '../shared/graphql/schema.ts';

writeFileSync(new URL('../docs/api/schema.graphql', import.meta.url), `${printSchema(createGraphSchema())}\n`);
