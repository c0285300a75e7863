type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly default?: unknown;
};
export type Operation = {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
};
export type ApiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
};
/** Values of parameters and properties by name, where any value of the schema would name something that is not there. */
export type Known = Readonly<Record<string, unknown>>;

/** The simplest value that a schema admits. Throws an Error for a pattern that no known text fits. */
export function createSampler({ components }: ApiDocument, known: Known) {
  function sample(schema: Schema, name = ''): unknown {
    if (Object.hasOwn(known, name)) return known[name];
    if (schema.$ref !== undefined)
      return sample(components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}, name);
    if (schema.const !== undefined) return schema.const;
    if (schema.default !== undefined) return schema.default;
    if (schema.enum !== undefined) return schema.enum[0];
    const [choice] = schema.oneOf ?? schema.anyOf ?? [];
    if (choice !== undefined) return sample(choice, name);
    if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => sample(part)));
    return byType(schema, [schema.type].flat()[0], name);
  }

  function byType(schema: Schema, type: string | undefined, name: string): unknown {
    if (type === 'object') {
      const { properties = {}, required = [] } = schema;
      return Object.fromEntries(required.map((key) => [key, sample(properties[key] ?? {}, key)]));
    }
    if (type === 'array') return Array.from({ length: schema.minItems ?? 1 }, () => sample(schema.items ?? {}));
    if (type === 'number' || type === 'integer') return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1;
    if (type === 'boolean') return true;
    return text(schema, name);
  }
  return sample;
}

const texts = [
  '2001-01-20T00:00:00.000Z',
  'sample',
  `sha256:${'0'.repeat(64)}`,
  's3://bucket/key',
  'https://example.com/',
  'flights/sample',
];

function text({ format, pattern, minLength = 0 }: Schema, name: string): string {
  const candidates = format === 'date-time' ? texts : [...texts.slice(1), ...texts];
  const fitting = candidates.find(
    (candidate) => candidate.length >= minLength && new RegExp(pattern ?? '').test(candidate),
  );
  if (fitting === undefined) throw new Error(`no sample for ${name}, which must match ${pattern}`);
  return fitting;
}
