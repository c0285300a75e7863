import type { Template } from './synthesize.ts';

export type Reference = { readonly from: string; readonly to: string };

/** Resources that must exist before another, by the other: Ref, GetAtt, Sub and DependsOn. */
export function dependenciesOf(template: Template): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(template.Resources).map(([id, { DependsOn, ...resource }]) => [
      id,
      [...new Set([...namesIn(resource), ...[DependsOn ?? []].flat()])].filter((name) => !isGiven(template, name)),
    ]),
  );
}

/** References to what the template does not hold, of resources and outputs. */
export function danglingReferences(template: Template): readonly Reference[] {
  const outputs = Object.entries(template.Outputs ?? {}).flatMap(([id, output]) =>
    namesIn(output).map((to) => ({ from: `Outputs.${id}`, to })),
  );
  const resources = [...dependenciesOf(template)].flatMap(([from, names]) => names.map((to) => ({ from, to })));
  return [...resources, ...outputs].filter(
    ({ to }) => !Object.hasOwn(template.Resources, to) && !isGiven(template, to),
  );
}

/** An order in which each comes after all it depends on; throws an Error that names the members of a cycle. */
export function orderOf(dependencies: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const order: string[] = [];
  const path: string[] = [];
  const visit = (id: string): void => {
    if (order.includes(id)) return;
    if (path.includes(id)) throw new Error(`cycle: ${[...path.slice(path.indexOf(id)), id].join(' → ')}`);
    path.push(id);
    for (const dependency of dependencies.get(id) ?? []) visit(dependency);
    path.pop();
    order.push(id);
  };
  for (const id of dependencies.keys()) visit(id);
  return order;
}

/** For each stack those it imports from; an import that nobody exports is `missing <name>`. */
export function stackDependencies(templates: ReadonlyMap<string, Template>): ReadonlyMap<string, readonly string[]> {
  const exporters = new Map(
    [...templates].flatMap(([stack, { Outputs = {} }]) =>
      Object.values(Outputs).flatMap(({ Export }) =>
        Export === undefined ? [] : [[exportName(Export), stack] as const],
      ),
    ),
  );
  return new Map(
    [...templates].map(([stack, template]) => [
      stack,
      [...new Set(importsIn(template).map((name) => exporters.get(name) ?? `missing ${name}`))],
    ]),
  );
}

function exportName(exported: unknown): string {
  return String((exported as { Name: unknown }).Name);
}

function isGiven(template: Template, name: string): boolean {
  return name.startsWith('AWS::') || Object.hasOwn(template.Parameters ?? {}, name);
}

function importsIn(value: unknown): readonly string[] {
  return nodesIn(value).flatMap(([key, inner]) => (key === 'Fn::ImportValue' ? [String(inner)] : []));
}

function namesIn(value: unknown): readonly string[] {
  return nodesIn(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : String(inner).split('.')[0])];
    if (key === 'Fn::Sub') return substituted(inner);
    return [];
  });
}

function substituted(inner: unknown): readonly string[] {
  const [text, given] = Array.isArray(inner) ? inner : [inner, {}];
  const names = [...String(text).matchAll(/\$\{(?!!)([\w:]+)[^}]*\}/g)].map((match) => match[1]!);
  return names.filter((name) => !Object.hasOwn(given, name));
}

/** Every key with its value, at any depth. */
function nodesIn(value: unknown): readonly [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[key, inner] as [string, unknown], ...nodesIn(inner)]);
}
