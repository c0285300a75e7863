import { parseEntityRef } from '../domain/graph/entity-ref.ts';
import type { EntityTypeDefinition } from '../domain/graph/entity-types.ts';
import type * as z from '../domain/zod.ts';
import type { EntityNode } from '../use-cases/graph/read-entities.ts';

/** How GraphQL shows an attribute; what several shapes are possible for is shown as text. */
export type AttributeScalar = 'Boolean' | 'Int' | 'Float' | 'String';

type Attribute = {
  readonly name: string;
  readonly scalar: AttributeScalar;
  /** Undefined when the entity has none, or what a provider sent has not the type's shape. */
  readonly read: (node: EntityNode) => string | number | boolean | undefined;
};

/** The attributes of a type, from the shape that it is registered with. */
export function attributesOf({ attributes }: EntityTypeDefinition): readonly Attribute[] {
  return Object.entries(attributes.shape).map(([name, schema]) => {
    const scalar = scalarOf(schema as z.core.$ZodType);
    return { name, scalar, read: (node) => shown(rawValue(name, node), scalar) };
  });
}

function rawValue(name: string, { uri, type, record }: EntityNode): unknown {
  const given = Object.hasOwn(record.attributes, name) ? record.attributes[name] : undefined;
  // Who registers versions numbers them in their ids and need not say it again.
  return given === undefined && name === 'version' && type === 'model-version'
    ? parseEntityRef(uri).id.split('/').at(-1)
    : given;
}

const largestInt = 2 ** 31 - 1;

// Providers may send what they like; one attribute that is not as expected must not cost the caller the others.
function shown(value: unknown, scalar: AttributeScalar): string | number | boolean | undefined {
  if (scalar === 'Boolean') return typeof value === 'boolean' ? value : undefined;
  if (scalar === 'Float') return typeof value === 'number' ? value : undefined;
  if (scalar === 'Int')
    return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= largestInt ? value : undefined;
  return value === undefined ? undefined : textOf(value);
}

/** Of any attribute: text as it is, lists separated by commas. */
export function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function scalarOf(schema: z.core.$ZodType): AttributeScalar {
  const { def } = schema._zod;
  if (def.type === 'optional') return scalarOf((def as z.core.$ZodOptionalDef).innerType);
  if (def.type === 'boolean') return 'Boolean';
  if (def.type !== 'number') return 'String';
  const isInt = (def.checks ?? []).some(({ _zod }) => 'format' in _zod.def && _zod.def.format === 'safeint');
  return isInt || ('format' in def && def.format === 'safeint') ? 'Int' : 'Float';
}
