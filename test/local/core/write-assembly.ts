import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type TestTemplate = {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: object; readonly Condition?: string }>
  >;
  readonly Outputs?: object;
  readonly Parameters?: object;
  readonly Conditions?: object;
  readonly Mappings?: object;
};

export function temporaryDirectory(): string {
  return mkdtempSync(path.join(tmpdir(), 'runway local '));
}

/** Writes what `cdk synth` would: the stacks, and an asset per function from the source of its module. */
export function writeAssembly(
  stacks: Readonly<Record<string, TestTemplate>>,
  functions: Readonly<Record<string, string>> = {},
): string {
  const directory = temporaryDirectory();
  const write = (name: string, content: unknown) => writeFileSync(path.join(directory, name), JSON.stringify(content));
  const artifacts: Record<string, unknown> = {
    assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
    Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
  };
  for (const [name, template] of Object.entries(stacks)) {
    write(`${name}.template.json`, template);
    artifacts[name] = { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` } };
  }
  const files: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(functions)) {
    mkdirSync(path.join(directory, `asset.${name}`));
    writeFileSync(path.join(directory, `asset.${name}`, 'index.mjs'), source);
    files[name] = { source: { path: `asset.${name}` }, destinations: { here: { objectKey: `${name}.zip` } } };
  }
  write('assets.json', { files });
  write('manifest.json', { version: '54.0.0', artifacts });
  return directory;
}

/** A function whose module is the asset of the same name. */
export function functionResource(name: string, properties: object = {}) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: name,
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: 5,
      Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
      ...properties,
    },
  };
}
