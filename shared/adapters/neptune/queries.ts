import { type EdgeType, edgeTypes } from '../../domain/graph/edge-types.ts';
import type { Direction } from '../../domain/graph/walk.ts';

/*
 * Every openCypher text that is sent, in the subset that Neptune and the embedded engine share; a test refuses the rest.
 * Identity is `~id`, which Neptune keeps unique, so that MERGE makes nothing twice. A stream's node holds the version
 * that was written last: no statement of an older version changes anything.
 */

/** Guards each row by its `stream` and `version`; what follows runs only when nothing newer of the stream was written. */
const asOfStream = [
  'UNWIND $rows AS row',
  'MERGE (s:Stream {`~id`: row.stream})',
  'WITH s, row WHERE coalesce(s.version, 0) <= row.version',
  'SET s.version = row.version',
  'WITH row',
].join(' ');

/** Rows of `stream`, `version`, `uri`, `type`, `name` and `attributes` of what the stream describes. */
export const mergeEntities = [
  asOfStream,
  'MERGE (n:Entity {`~id`: row.uri})',
  'SET n.type = row.type, n.name = row.name, n.isDescribed = true',
  'SET n += row.attributes',
].join(' ');

/** Rows of `stream`, `version`, `uri`, `type` and `name` of what the stream only mentions: who described it knows better. */
export const mergeMentions = [
  asOfStream,
  'MERGE (n:Entity {`~id`: row.uri})',
  'SET n.type = coalesce(n.type, row.type), n.name = coalesce(n.name, row.name)',
].join(' ');

/** Rows of `stream`, `version`, `id`, `from`, `to` and properties. The relationship's type cannot be a parameter. */
export function mergeClaims(type: EdgeType): string {
  return [
    asOfStream,
    // They are there already; MERGE finds them by their id on both engines, MATCH does not on the embedded one.
    'MERGE (a:Entity {`~id`: row.from})',
    'MERGE (b:Entity {`~id`: row.to})',
    `MERGE (a)-[r:${type} {\`~id\`: row.id}]->(b)`,
    'SET r.isPresent = row.isPresent, r.validFrom = row.validFrom, r.validTo = row.validTo,',
    'r.provenance = row.provenance, r.claimant = row.claimant, r.stream = row.stream',
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

/**
 * What present dependencies of the entities in `$frontier` lead to, each once: one level of a walk. A pattern of variable
 * length enumerates every path, and a graph of packages has more of them than any database can.
 */
export function neighbours(direction: Direction): string {
  const hop = `[:${dependencies} {isPresent: true}]`;
  const pattern = direction === 'upstream' ? `-${hop}->` : `<-${hop}-`;
  return [
    'UNWIND $frontier AS uri',
    `MATCH (a:Entity {\`~id\`: uri})${pattern}(n:Entity)`,
    'RETURN DISTINCT id(n) AS uri',
  ].join(' ');
}
