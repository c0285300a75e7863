import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export type Resource = {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: string | readonly string[];
};
export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Record<string, { Export?: unknown; Value: unknown }>;
};

type Templates = ReadonlyMap<string, Template>;

/** What the global set-up synthesized: the stage that sets nothing. */
export function currentTemplates(): Templates {
  return templatesIn(fileURLToPath(new URL('../../cdk.out', import.meta.url)));
}

/** Runs the CDK app as `npm run synth` does, into a folder of its own. One test file at a time may: it bundles anew. */
export function synthesize(context: readonly string[] = []): {
  readonly directory: string;
  readonly templates: Templates;
} {
  const directory = mkdtempSync(path.join(tmpdir(), 'runway-synth-'));
  execFileSync(process.execPath, ['infra/app.ts', '--outdir', directory, ...context.flatMap((pair) => ['-c', pair])], {
    stdio: 'pipe',
  });
  return { directory, templates: templatesIn(directory) };
}

function templatesIn(directory: string): Templates {
  const files = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
  return new Map(
    files.map((name) => [
      name.replace('.template.json', ''),
      JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as Template,
    ]),
  );
}

export function resourcesOf(templates: ReadonlyMap<string, Template>, type: string): [string, Resource][] {
  return [...templates.values()].flatMap((template) =>
    Object.entries(template.Resources).filter(([, resource]) => resource.Type === type),
  );
}
