/** What stands in the graph. A service is a consumer: something that calls a model and breaks with it. */
export const entityTypes = [
  'model',
  'model-version',
  'feature',
  'dataset',
  'pipeline',
  'service',
  'team',
  'person',
] as const;

export type EntityType = (typeof entityTypes)[number];

export function isEntityType(text: string): text is EntityType {
  return entityTypes.some((type) => type === text);
}

/**
 * Edges point from dependant to dependency. `versionOf` says where a version belongs and is not walked: a model depends
 * on the version that serves it, and walking both would make a cycle of every model.
 */
export const edgeTypes = {
  consumes: { isDependency: true },
  servedBy: { isDependency: true },
  trainedOn: { isDependency: true },
  producedBy: { isDependency: true },
  ownedBy: { isDependency: true },
  versionOf: { isDependency: false },
} as const satisfies Record<string, { readonly isDependency: boolean }>;

export type EdgeType = keyof typeof edgeTypes;
