export type EntityTab = 'lineage' | 'impact';

/** What a page's address may say beside the entity. */
export type EntityView = { readonly asOf?: string | undefined };

/** Address of an entity's page; its URI is one segment. */
export function entityPath(uri: string, tab?: EntityTab, { asOf }: EntityView = {}): string {
  const path = `/entities/${encodeURIComponent(uri)}${tab === undefined ? '' : `/${tab}`}`;
  return asOf === undefined ? path : `${path}?${new URLSearchParams({ asOf })}`;
}

/**
 * The entity that a page's address names, decoded once: the router decodes some of it, which would make one of two URIs that
 * differ in an escape. Undefined for an address that names none.
 */
export function entityUriIn(pathname: string): string | undefined {
  const segment = /^\/entities\/([^/]+)/.exec(pathname)?.[1];
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

export type RefParts = { readonly type: string; readonly platform: string; readonly id: string };

/** For people; of what is no URI of an entity everything is its id. */
export function refParts(uri: string): RefParts {
  const [, type = '', platform = '', id = uri] = /^aip:\/\/([^/]+)\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  return { type, platform, id: decoded(id) };
}

const registeredModel = { type: 'model', platform: 'registry' } as const;

export function registeredModelUri(modelId: string): string {
  return `aip://${registeredModel.type}/${registeredModel.platform}/${encodeURIComponent(modelId)}`;
}

/** The model in Runway's registry that the entity is, if it is one: it has a page of its health. */
export function registeredModelId(uri: string): string | undefined {
  const { type, platform, id } = refParts(uri);
  return type === registeredModel.type && platform === registeredModel.platform ? id : undefined;
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
