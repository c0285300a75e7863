import { RunwayError } from '../errors.ts';
import { type EntityUri, formatEntityRef, parseEntityRef } from './entity-ref.ts';
import { isEntityType } from './entity-types.ts';

/** Stands in a path where the URI comes as the query parameter `uri`. */
const uriInQuery = '-';

/**
 * The entity that a path names: its URI as one segment, or `-` with the URI beside it as `uri`. Gateways differ in how
 * often they decode a path before a function sees it, so a segment that is still encoded, or was decoded once too often,
 * means the same entity (docs/adr/0045-entity-uris-in-paths.md). Throws `InvalidRequest` (code `invalid-entity-uri`).
 */
export function requestedUri(segment: string, query?: string): EntityUri {
  if ((segment === uriInQuery) !== (query !== undefined))
    throw new RunwayError(
      'InvalidRequest',
      'invalid-entity-uri',
      `path ${JSON.stringify(segment.slice(0, 200))}, expected an entity's URI, or - and the query parameter uri`,
    );
  return namedEntity(query ?? segment);
}

/** The entity whose URI it is. Throws `InvalidRequest` (code `invalid-entity-uri`). */
export function namedEntity(text: string): EntityUri {
  const candidates = [text, decodedOnce(text)].filter((each) => each !== undefined);
  for (const candidate of candidates) if (isCanonical(candidate)) return candidate;
  const again = encodedAgain(text) ?? text;
  parseEntityRef(again);
  return again;
}

// Of what was decoded once too often; a lone surrogate has no encoding at all.
function encodedAgain(text: string): EntityUri | undefined {
  const [, type = '', platform = '', id = ''] = /^aip:\/\/([^/]+)\/([^/]+)\/(.+)$/s.exec(text) ?? [];
  return isEntityType(type) && id.isWellFormed() ? formatEntityRef({ type, platform, id }) : undefined;
}

function isCanonical(text: string): boolean {
  try {
    return parseEntityRef(text) !== undefined;
  } catch {
    return false;
  }
}

function decodedOnce(text: string): string | undefined {
  if (!/^aip%3a/i.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
