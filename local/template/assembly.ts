import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  Outputs: z
    .record(
      z.string(),
      z.object({
        Value: z.unknown(),
        Condition: z.string().optional(),
        Export: z.object({ Name: z.unknown() }).optional(),
      }),
    )
    .optional(),
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() })).optional(),
  Conditions: z.record(z.string(), z.unknown()).optional(),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).optional(),
});

/** A template as CloudFormation reads it, before anything is resolved. */
export type RawTemplate = z.infer<typeof templateSchema>;

/** A cloud assembly: what `cdk synth` writes. */
export type Assembly = {
  /** By stack name. */
  readonly templates: ReadonlyMap<string, RawTemplate>;
  /** Path of the file or directory that an asset's object key stands for. Throws for an unknown key. */
  assetPath(objectKey: string): string;
};

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .object({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          file: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/** Reads every stack of the assembly. Throws an Error naming the file that is wrong or missing. */
export function readAssembly(directory: string): Assembly {
  const templates = new Map<string, RawTemplate>();
  const assets = new Map<string, string>();
  const { artifacts } = readJson(path.join(directory, 'manifest.json'), manifestSchema);
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type === 'cdk:cloud-assembly') throw new Error(`${directory}: stages of their own (${id}) are not emulated`);
    if (type === 'aws:cloudformation:stack') {
      const file = path.join(directory, properties?.templateFile ?? '');
      templates.set(properties?.stackName ?? id, readJson(file, templateSchema));
    } else if (type === 'cdk:asset-manifest') {
      const { files } = readJson(path.join(directory, properties?.file ?? ''), assetsSchema);
      for (const { source, destinations } of Object.values(files)) {
        for (const { objectKey } of Object.values(destinations))
          assets.set(objectKey, path.join(directory, source.path));
      }
    }
  }
  return {
    templates,
    assetPath(objectKey) {
      const found = assets.get(objectKey);
      if (found === undefined || !existsSync(found)) throw new Error(`no asset ${objectKey} in ${directory}`);
      return path.resolve(found);
    },
  };
}

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is not what cdk synth writes: ${z.prettifyError(parsed.error)}`);
}
