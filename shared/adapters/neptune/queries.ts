import { type EdgeType, edgeTypes } from '../../domain/graph/edge-types.ts';
import type { Direction } from '../../domain/graph/walk.ts';

/*
 * Every openCypher text that is sent, in the subset that Neptune and the embedded engine share; a test refuses the rest.
 * Identity is `~id`, which Neptune keeps unique, so that MERGE makes nothing twice. A stream's node holds the version
 * that was written last: no statement of an older version changes anything.
 */

/** Guards a statement of `$stream` at `$version`; what follows runs only when nothing newer was written. */
const asOfStream = [
  'MERGE (s:Stream {`~id`: $stream})',
  'WITH s WHERE coalesce(s.version, 0) <= $version',
  'SET s.version = $version',
  'WITH s',
].join(' ');

/** `$entities`: maps of `uri`, `type`, `name` and `attributes`, an empty map for what only one other stream knows. */
export const mergeEntities = [
  asOfStream,
  'UNWIND $entities AS e',
  'MERGE (n:Entity {`~id`: e.uri})',
  'SET n.type = e.type, n.name = e.name',
  'SET n += e.attributes',
].join(' ');

/** `$claims`: maps of `id`, `from`, `to`, `isPresent` and properties. The relationship's type cannot be a parameter. */
export function mergeClaims(type: EdgeType): string {
  return [
    asOfStream,
    'UNWIND $claims AS c',
    // They are there already; MERGE finds them by their id on both engines, MATCH does not on the embedded one.
    'MERGE (a:Entity {`~id`: c.from})',
    'MERGE (b:Entity {`~id`: c.to})',
    `MERGE (a)-[r:${type} {\`~id\`: c.id}]->(b)`,
    'SET r.isPresent = c.isPresent, r.validFrom = c.validFrom, r.validTo = c.validTo,',
    'r.provenance = c.provenance, r.claimant = c.claimant, r.stream = $stream',
  ].join(' ');
}

/** Deleted in parts, because a transaction has to fit into memory. */
export const deleteSomeNodes = 'MATCH (n) WITH n LIMIT 500 DETACH DELETE n';
export const countNodes = 'MATCH (n) RETURN count(n) AS n';
export const countEntities = 'MATCH (n:Entity) RETURN count(n) AS n';
export const countClaims = 'MATCH ()-[r]->() RETURN count(r) AS n';

const dependencies = Object.entries(edgeTypes)
  .filter(([, { isDependency }]) => isDependency)
  .map(([type]) => type)
  .join('|');

/** Entities at the end of present dependencies from `$root`, with the length of a shortest path. Depth is 1 to 10. */
export function reachable(direction: Direction, depth: number): string {
  const hops = `[:${dependencies}*1..${depth} {isPresent: true}]`;
  const pattern = direction === 'upstream' ? `-${hops}->` : `<-${hops}-`;
  return [
    `MATCH p = (root:Entity {\`~id\`: $root})${pattern}(n:Entity)`,
    'RETURN id(n) AS uri, min(length(p)) AS depth ORDER BY uri',
  ].join(' ');
}
