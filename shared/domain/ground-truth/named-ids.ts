/** The model and the versions that a record names, read before anything else of it is known to be right. */
export type NamedIds = { readonly modelId?: string; readonly versions: readonly number[] };

export function namedIds(record: unknown): NamedIds {
  const modelId = property(record, 'modelId');
  const shadows = property(record, 'shadows');
  const named = [record, ...(Array.isArray(shadows) ? shadows : [])].map((item) => property(item, 'modelVersion'));
  const versions = named.filter((version) => typeof version === 'number');
  return { versions, ...(typeof modelId === 'string' ? { modelId } : {}) };
}

/** Undefined unless it is an object with that property. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
