import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dataHubLines, dbtLines, type Line, mlflowLines } from './lineage/convert.ts';

// `npm run lineage -- dbt manifest.json > lines.ndjson`: what POST /v1/graph/import takes, of what other tools write.
const read = (file: string) => {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};
const json = (file: string): unknown => JSON.parse(read(file));
const rows = (file: string) =>
  read(file)
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));

const formats: Readonly<Record<string, (...files: readonly string[]) => Iterable<Line>>> = {
  dbt: (manifest = '') => dbtLines(json(manifest)),
  datahub: (edges = '') => dataHubLines(read(edges)),
  mlflow: (registry = '', runs = '') => mlflowLines(json(registry), rows(runs)),
};

const [format = '', ...files] = process.argv.slice(2);
const lines = formats[format];
if (lines === undefined || files.length === 0) {
  process.stderr.write(`usage: lineage-lines <${Object.keys(formats).join('|')}> <file>…\n`);
  process.exitCode = 2;
} else for (const line of lines(...files)) process.stdout.write(`${JSON.stringify(line)}\n`);
