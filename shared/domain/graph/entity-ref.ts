import { RunwayError } from '../errors.ts';
import * as z from '../zod.ts';
import { type EntityType, isEntityType } from './entity-types.ts';

/** `aip://<type>/<platform>/<id>`; two refs are the same entity exactly when their URIs are the same text. */
export type EntityUri = string;

export type EntityRef = { readonly type: EntityType; readonly platform: string; readonly id: string };

const scheme = 'aip://';
const platformPattern = /^[a-z][a-z0-9-]{0,62}$/;
/** Characters; a URI and a provider's id together are a sort key, of which DynamoDB takes 1,024 bytes. */
const maximumLength = 900;

/** Slashes in the id stay, so that `vega-datasets/flights-3m` remains readable; everything else is percent-encoded. */
export function formatEntityRef({ type, platform, id }: EntityRef): EntityUri {
  return `${scheme}${type}/${platform}/${id.split('/').map(encodeURIComponent).join('/')}`;
}

/** Throws `InvalidRequest` (code `invalid-entity-uri`) on anything `formatEntityRef` does not write. */
export function parseEntityRef(uri: string): EntityRef {
  const ref = decoded(uri);
  if (ref !== undefined && formatEntityRef(ref) === uri) return ref;
  throw new RunwayError(
    'InvalidRequest',
    'invalid-entity-uri',
    `entity ${JSON.stringify(uri.slice(0, 200))}, expected aip://<type>/<platform>/<id>`,
  );
}

/** An id as people write it: no control characters, nothing that has no UTF-8 form. */
export const entityIdSchema = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'expected text without control characters');

function decoded(uri: string): EntityRef | undefined {
  const match = /^aip:\/\/([a-z-]+)\/([^/]+)\/(.+)$/s.exec(uri.slice(0, maximumLength));
  const [, type = '', platform = '', id = ''] = match ?? [];
  if (uri.length > maximumLength || !isEntityType(type) || !platformPattern.test(platform)) return undefined;
  if (!id.isWellFormed()) return undefined;
  try {
    return { type, platform, id: decodeURIComponent(id) };
  } catch {
    return undefined;
  }
}
