import { createHash } from 'node:crypto';
import { personUri, serviceUri, teamUri } from '../entities.ts';
import { type EntityUri, formatEntityRef } from '../entity-ref.ts';
import type { EntityType } from '../entity-types.ts';

export const openLineageProvider = 'openlineage';

export type NodeName = { readonly namespace: string; readonly name: string };

/**
 * `dataset` or `job` and, behind a line feed, which no name has, the id: what two spellings of one id have in common, for
 * `a/b` and `c` are written as `a` and `b/c` are.
 */
export type NodeKey = string;

export const datasetKey = (node: NodeName): NodeKey => `dataset\n${idOf(node)}`;
export const jobKey = (node: NodeName): NodeKey => `job\n${idOf(node)}`;
export const isDatasetKey = (key: NodeKey): boolean => key.startsWith('dataset\n');
export const isJobKey = (key: NodeKey): boolean => key.startsWith('job\n');
const idOf = ({ namespace, name }: NodeName) => `${namespace}/${name}`;
/** `<namespace>/<name>` */
export const idOfKey = (key: NodeKey): string => key.slice(key.indexOf('\n') + 1);

/** Whether the id begins with the namespace, of which it may be a deeper one as well. */
export const isWithin = (key: NodeKey, namespace: string): boolean => idOfKey(key).startsWith(`${namespace}/`);

export const uriOfKey = (key: NodeKey): EntityUri => uriOf(isDatasetKey(key) ? 'dataset' : 'pipeline', idOfKey(key));
export const modelUriOfKey = (dataset: NodeKey): EntityUri => uriOf('model', idOfKey(dataset));
export const modelVersionUri = (dataset: NodeKey, version: string): EntityUri =>
  uriOf('model-version', idOfKey(dataset), version);
export const columnUri = (dataset: NodeKey, column: string): EntityUri => uriOf('column', idOfKey(dataset), column);
export const runUri = (runId: string): EntityUri => uriOf('pipeline-run', runId);
export const isRunUri = (uri: EntityUri): boolean => uri.startsWith(`aip://pipeline-run/${openLineageProvider}/`);
/** Of a check of the dataset, by its key: name, tab, column. */
export const assertionUri = (dataset: NodeKey, assertion: string): EntityUri =>
  uriOf(
    'evaluation',
    idOfKey(dataset),
    assertion.replace(/\t(.*)$/s, (_tab, column) => column && `(${column})`),
  );
export const evaluationUri = (runId: string, test: string): EntityUri => uriOf('evaluation', runId, test);

const owners: Readonly<Record<string, (name: string) => EntityUri>> = {
  team: teamUri,
  group: teamUri,
  user: personUri,
  person: personUri,
  application: serviceUri,
  service: serviceUri,
};

/**
 * `team:ranking`, `user:ada`, `application:loader`; without a prefix an address is a person's, another name a team's.
 * Undefined of what makes no URI.
 */
export function ownerUri(owner: string): EntityUri | undefined {
  const uri = anyOwnerUri(owner.trim());
  return uri.length > maximumLength || owner.trim() === '' ? undefined : uri;
}

function anyOwnerUri(owner: string): EntityUri {
  const colon = owner.indexOf(':');
  const kind = owner.slice(0, Math.max(colon, 0)).toLowerCase();
  const name = owner.slice(colon + 1).trim();
  const make = Object.hasOwn(owners, kind) ? owners[kind] : undefined;
  if (make !== undefined && name !== '') return make(name);
  return owner.includes('@') ? personUri(owner) : teamUri(owner);
}

/** Characters of a URI that a provider's id still has to fit behind. */
const maximumLength = 850;

/** What is too long for a URI keeps its beginning, and a digest of all of it. */
function uriOf(type: EntityType, ...parts: readonly string[]): EntityUri {
  const id = parts.join('/');
  const uri = formatEntityRef({ type, platform: openLineageProvider, id });
  if (uri.length <= maximumLength) return uri;
  const digest = createHash('sha256').update(parts.join('\n')).digest('hex');
  // Code points, so that none is cut in half; each takes at most 12 characters.
  return formatEntityRef({ type, platform: openLineageProvider, id: `${[...id].slice(0, 50).join('')}~${digest}` });
}
