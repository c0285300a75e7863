import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';

const jobs: Readonly<Record<string, string>> = {
  'test:system': 'npm run --silent test:system',
  'test:permissions': 'npm run --silent test:permissions',
  'test:mutation': 'npm run --silent test:mutation',
  'test:kill': 'npm run --silent test:kill',
  'test:story': 'npm run --silent test:story',
  'test:drill': 'npm run --silent test:drill',
  simulate: 'npm run --silent simulate',
  'test:volume': 'npm run --silent test:volume',
  calibrate: 'npm run --silent calibrate',
  'calibrate:fleet': 'npm run --silent calibrate:fleet',
  'calibrate:canary': 'npm run --silent calibrate:canary',
  'demo:all': 'npm run --silent demo -- --all --exit',
  'bench:ingest': 'npm run --silent bench:ingest',
  'bench:planner': 'npm run --silent bench:planner',
  'bench:fleet-scan': 'npm run --silent bench:fleet-scan',
  'bench:batch-join': 'npm run --silent bench:batch-join',
  'bench:graph': 'npm run --silent bench:graph',
  'bench:search': 'npm run --silent bench:search',
  'bench:enrichment': 'npm run --silent bench:enrichment',
  'bench:metaflow': 'npm run --silent bench:metaflow',
};

const usage = `npm run nightly [-- <job> …]

What is too slow for each change: all of it, or the jobs named, one after the other; a job that fails stops no other.
Output is in artifacts/nightly, a file for each job, and what is worth keeping of it in artifacts/nightly/report.md.
Jobs: ${Object.keys(jobs).join(', ')}`;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'artifacts', 'nightly');
/** As many lines of each output's end as the report keeps. */
const keptLines = 40;

function chosenJobs(): readonly string[] {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
  const unknown = positionals.filter((name) => !(name in jobs));
  if (values.help !== true && unknown.length === 0) return positionals.length > 0 ? positionals : Object.keys(jobs);
  console.error(unknown.length > 0 ? `received the unknown job ${unknown.join(', ')}\n\n${usage}` : usage);
  return process.exit(unknown.length > 0 ? 2 : 0);
}

/** Exit status; the output is shown as it comes and kept in `file`. */
function run(command: string, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const kept = createWriteStream(file);
    const child = spawn(command, { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const [stream, shown] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const)
      stream.on('data', (chunk: Buffer) => {
        shown.write(chunk);
        kept.write(chunk);
      });
    child.once('error', reject);
    child.once('close', (code) => kept.end(() => resolve(code ?? 1)));
  });
}

function sectionOf(name: string, file: string, status: number, minutes: number): string {
  const lines = stripVTControlCharacters(readFileSync(file, 'utf8')).trimEnd().split('\n').slice(-keptLines);
  const outcome = `${status === 0 ? 'passed' : `failed with status ${status}`} after ${minutes.toFixed(1)} minutes`;
  return `## \`${jobs[name]}\`\n\n${outcome}\n\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n`;
}

mkdirSync(folder, { recursive: true });
const began = new Date();
const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the start`;
const sections: string[] = [];
const failed: string[] = [];
for (const name of chosenJobs()) {
  console.log(`== ${name}`);
  const file = path.join(folder, `${name.replace(':', '-')}.txt`);
  const start = performance.now();
  const status = await run(jobs[name] ?? '', file);
  if (status !== 0) failed.push(name);
  sections.push(sectionOf(name, file, status, (performance.now() - start) / 60_000));
  writeFileSync(
    path.join(folder, 'report.md'),
    `# Nightly of ${began.toISOString().slice(0, 10)}\n\n${machine}\n\n${sections.join('\n')}`,
  );
}
console.log(failed.length === 0 ? 'all passed' : `failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
