import type { Resource, Template } from '../infra/synthesize.ts';

/** A resource that something outside causes work through: a route, an event source mapping or a schedule. */
export type Mutant = { readonly key: string; readonly logicalId: string };

/** Every one of them in the templates, named by what it serves, e.g. `schedule health/scan-models`. */
export function mutantsOf(templates: Iterable<Template>): readonly Mutant[] {
  return [...templates].flatMap(({ Resources }) =>
    Object.entries(Resources).flatMap(([logicalId, resource]) => {
      const key = keyOf(resource, Resources);
      return key === undefined ? [] : [{ key, logicalId }];
    }),
  );
}

/** The template as if the resource had been forgotten. */
export function without<T extends { readonly Resources: object }>(template: T, logicalId: string): T {
  const left = Object.entries(template.Resources).filter(([id]) => id !== logicalId);
  return { ...template, Resources: Object.fromEntries(left) };
}

function keyOf({ Type, Properties = {} }: Resource, resources: Template['Resources']): string | undefined {
  switch (Type) {
    case 'AWS::ApiGatewayV2::Route':
      return String(Properties.RouteKey);
    case 'AWS::Lambda::EventSourceMapping':
      return `mapping ${functionPath(Properties.FunctionName, resources)}`;
    case 'AWS::Scheduler::Schedule':
      return `schedule ${functionPath(Object(Properties.Target).Arn, resources)}`;
    default:
      return undefined;
  }
}

/** `health/scan-models` of a `Ref` or `Fn::GetAtt`; the functions' descriptions name their files. */
function functionPath(reference: unknown, resources: Template['Resources']): string {
  const { Ref: ref, 'Fn::GetAtt': attribute } = Object(reference);
  const target = resources[ref ?? attribute?.[0]];
  const path = /^functions\/(.+)\.ts$/.exec(String(target?.Properties?.Description))?.[1];
  if (path === undefined) throw new Error(`${JSON.stringify(reference)} is no function of the template`);
  return path;
}
