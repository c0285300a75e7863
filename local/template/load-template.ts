import { assertSupported } from '../supported-resources.ts';
import type { ResolvedResource } from '../types.ts';
import { type RawTemplate, readAssembly } from './assembly.ts';
import { createResolver } from './resolver.ts';

/** Where the addresses that a template writes as AWS's are found on this machine. No trailing slashes. */
export type LocalAddresses = {
  readonly apiUrl: string;
  readonly cdnUrl: string;
  readonly issuerUrl: string;
  /** Serves SQS, Neptune, EventBridge, Step Functions and Secrets Manager. */
  readonly servicesUrl: string;
};

export type TemplateTransform = (template: RawTemplate, stackName: string) => RawTemplate;

export type LoadedTemplate = {
  readonly resources: readonly ResolvedResource[];
  ofType(type: string): readonly ResolvedResource[];
  /** The stacks' outputs by output id, without mere exports between the stacks. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Path of the file or directory that an asset's object key stands for. Throws for an unknown key. */
  assetPath(objectKey: string): string;
};

export type LoadOptions = {
  /** Directory that `cdk synth` wrote. */
  readonly assembly: string;
  readonly addresses: LocalAddresses;
  /** Changes each stack's template before anything is resolved; tests delete resources with it. */
  readonly transform?: TemplateTransform | undefined;
};

/**
 * Reads the assembly and resolves every property of every stack to a literal. Throws an Error naming stack, resource
 * and path for what cannot be resolved or is not in the table of supported resources.
 */
export function loadTemplate(options: LoadOptions): LoadedTemplate {
  const assembly = readAssembly(options.assembly);
  const { transform = (template) => template } = options;
  const templates = new Map([...assembly.templates].map(([stack, raw]) => [stack, transform(raw, stack)]));
  const resolver = createResolver(templates, (text) => localize(text, options.addresses));
  const resources = [...templates].flatMap(([stack, template]) =>
    Object.keys(template.Resources).flatMap((logicalId) => {
      const resource = resolver.resource(stack, logicalId);
      if (resource === undefined) return [];
      assertSupported(resource, stack);
      return [resource];
    }),
  );
  return {
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    outputs: Object.assign({}, ...[...templates.keys()].map(resolver.outputs)),
    assetPath: assembly.assetPath,
  };
}

function localize(text: string, addresses: LocalAddresses): string {
  return text
    .replace(/https:\/\/sqs\.us-east-1\.amazonaws\.com(?=\/|$)/g, addresses.servicesUrl)
    .replace(/https:\/\/[\w-]+\.execute-api\.us-east-1\.amazonaws\.com(?=\/|$)/g, addresses.apiUrl)
    .replace(/https:\/\/[\w.-]+\.neptune\.amazonaws\.com:8182(?=\/|$)/g, addresses.servicesUrl)
    .replace(/https:\/\/[\w-]+\.cloudfront\.net(?=\/|$)/g, addresses.cdnUrl)
    .replace(/https:\/\/cognito-idp\.us-east-1\.amazonaws\.com\/[\w-]+/g, addresses.issuerUrl)
    .replace(/https:\/\/[\w-]+\.auth\.us-east-1\.amazoncognito\.com(?=\/|$)/g, addresses.issuerUrl);
}
