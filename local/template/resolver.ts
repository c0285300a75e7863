import type { ResolvedResource } from '../types.ts';
import type { RawTemplate } from './assembly.ts';
import { account, attributeOf, identityOf, refOf, region, type Subject, urlSuffix } from './identities.ts';
import { holds, noValue, resolveIntrinsics, type Scope } from './intrinsics.ts';

export interface Resolver {
  /** Undefined when the resource's condition does not hold. */
  resource(stack: string, logicalId: string): ResolvedResource | undefined;
  /** The stack's outputs, without those that only feed another stack. */
  outputs(stack: string): Readonly<Record<string, string>>;
}

/** Resolves what the stacks of one assembly say, also across stacks. `localize` rewrites addresses in every text. */
export function createResolver(
  templates: ReadonlyMap<string, RawTemplate>,
  localize: (text: string) => string,
): Resolver {
  const scopes = new Map([...templates.keys()].map((stack) => [stack, scopeOf(stack)]));

  function templateOf(stack: string): RawTemplate {
    const template = templates.get(stack);
    if (template === undefined) throw new Error(`no stack ${stack}`);
    return template;
  }

  function resolve(stack: string, value: unknown, path: string): unknown {
    const scope = scopes.get(stack) ?? scopeOf(stack);
    return localizeAll(resolveIntrinsics(value, scope, path), localize);
  }

  function subjectOf(stack: string, logicalId: string): Subject {
    const resource = Object.hasOwn(templateOf(stack).Resources, logicalId)
      ? templateOf(stack).Resources[logicalId]
      : undefined;
    if (resource === undefined) throw new Error(`stack ${stack} has no resource, parameter or value ${logicalId}`);
    const path = `${stack}/${logicalId} (${resource.Type}) Properties`;
    return {
      stack,
      logicalId,
      type: resource.Type,
      property: (name) => resolve(stack, resource.Properties?.[name], `${path}.${name}`),
    };
  }

  function scopeOf(stack: string): Scope {
    const template = templateOf(stack);
    return {
      ref(name) {
        if (name in pseudoParameters) return pseudoParameters[name as keyof typeof pseudoParameters];
        if (name === 'AWS::StackName') return stack;
        if (name === 'AWS::StackId') return `arn:aws:cloudformation:${region}:${account}:stack/${stack}/0`;
        const parameter = template.Parameters?.[name];
        if (parameter === undefined) return refOf(subjectOf(stack, name));
        // A default of an SSM type names a parameter in SSM, whose value nobody knows here.
        if (parameter.Default === undefined || parameter.Type.startsWith('AWS::SSM::')) {
          throw new Error(`parameter ${name} of type ${parameter.Type} has no local value`);
        }
        return parameter.Default;
      },
      attribute: (logicalId, attribute) => attributeOf(subjectOf(stack, logicalId), attribute),
      importedValue,
      mapped(map, first, second) {
        const value = template.Mappings?.[map]?.[first]?.[second];
        if (value === undefined) throw new Error(`no mapping ${map}.${first}.${second}`);
        return value;
      },
      condition(name) {
        if (template.Conditions?.[name] === undefined) throw new Error(`no condition ${name}`);
        return template.Conditions[name];
      },
    };
  }

  let exportsByName: ReadonlyMap<unknown, () => unknown> | undefined;

  function importedValue(exportName: string): unknown {
    exportsByName ??= new Map([...templates].flatMap(([stack, template]) => exportsOf(stack, template)));
    const value = exportsByName.get(exportName);
    if (value === undefined) throw new Error(`no stack exports ${exportName}`);
    return value();
  }

  function exportsOf(stack: string, template: RawTemplate): [unknown, () => unknown][] {
    return Object.entries(template.Outputs ?? {}).flatMap(([id, { Export, Value }]) => {
      const path = `${stack} Outputs.${id}`;
      if (Export === undefined) return [];
      return [[resolve(stack, Export.Name, `${path}.Export`), () => resolve(stack, Value, `${path}.Value`)]];
    });
  }

  return {
    resource(stack, logicalId) {
      const raw = templateOf(stack).Resources[logicalId];
      if (raw === undefined) return undefined;
      const path = `${stack}/${logicalId} (${raw.Type})`;
      if (raw.Condition !== undefined && !holds(raw.Condition, scopeOf(stack), path)) return undefined;
      const properties = resolve(stack, raw.Properties ?? {}, `${path} Properties`) as Record<string, unknown>;
      const { name: physicalName, arn } = identityOf({
        stack,
        logicalId,
        type: raw.Type,
        property: (name) => properties[name],
      });
      return { logicalId, type: raw.Type, physicalName, arn, properties };
    },
    outputs(stack) {
      const own = Object.entries(templateOf(stack).Outputs ?? {}).filter(
        ([, output]) =>
          output.Export === undefined &&
          (output.Condition === undefined || holds(output.Condition, scopeOf(stack), `${stack} Outputs`)),
      );
      return Object.fromEntries(
        own.map(([id, output]) => [id, String(resolve(stack, output.Value, `${stack} Outputs.${id}`))]),
      );
    },
  };
}

const pseudoParameters = {
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': urlSuffix,
  'AWS::NotificationARNs': [],
  'AWS::NoValue': noValue,
} as const;

function localizeAll(value: unknown, localize: (text: string) => string): unknown {
  if (typeof value === 'string') return localize(value);
  if (Array.isArray(value)) return value.map((item) => localizeAll(item, localize));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, localizeAll(item, localize)]));
}
