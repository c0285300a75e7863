import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

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

/** Runs the CDK app as `npm run synth` does, into a folder of its own. */
export function synthesize(context: readonly string[] = []): {
  readonly directory: string;
  readonly templates: ReadonlyMap<string, Template>;
} {
  const directory = mkdtempSync(path.join(tmpdir(), 'runway-synth-'));
  execFileSync(process.execPath, ['infra/app.ts', '--outdir', directory, ...context.flatMap((pair) => ['-c', pair])], {
    stdio: 'pipe',
  });
  const files = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
  return {
    directory,
    templates: new Map(
      files.map((name) => [
        name.replace('.template.json', ''),
        JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as Template,
      ]),
    ),
  };
}

export function resourcesOf(templates: ReadonlyMap<string, Template>, type: string): [string, Resource][] {
  return [...templates.values()].flatMap((template) =>
    Object.entries(template.Resources).filter(([, resource]) => resource.Type === type),
  );
}
