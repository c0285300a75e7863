import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as queries from '../../../shared/adapters/neptune/queries.ts';
import { type EdgeType, edgeTypes } from '../../../shared/domain/graph/edge-types.ts';

/** What Neptune's openCypher lacks, by a pattern that finds it. Source: Neptune user guide, openCypher compliance. */
const lacking: Readonly<Record<string, RegExp>> = {
  shortestPath: /\b(allShortestPaths|shortestPath)\s*\(/i,
  'a parameter or variable inside a variable-length pattern':
    /\*\s*(\d+)?\s*(\.\.)?\s*(\d+)?\s*\{[^}]*:\s*(\$|[A-Za-z_]\w*\.)/,
  'a path without an upper bound': /\[[^\]]*\*\s*(\d+\s*\.\.\s*)?[\]{ ]/,
  'UNION with writes': /\bUNION\b[\s\S]*\b(CREATE|MERGE|SET|DELETE)\b|\b(CREATE|MERGE|SET|DELETE)\b[\s\S]*\bUNION\b/i,
  'a subquery': /\bCALL\s*\{/i,
  'the power operator': /\^/,
  'dynamic property access': /\b\w+\[\s*(\$|'|"|\w+\s*\])/,
  'SKIP or LIMIT that is not a number': /\b(SKIP|LIMIT)\s+(?!\d)/i,
  'any, all, none or single over a list': /\b(any|all|none|single)\s*\(\s*\w+\s+IN\b/i,
  'datetime over properties': /\b(datetime|date|time|localdatetime|duration)\s*\(/i,
  'an id as a property, which it is in patterns only': /\.\s*`~id`/,
  FOREACH: /\bFOREACH\b/i,
  'LOAD CSV': /\bLOAD\s+CSV\b/i,
  'indexes and constraints': /\b(INDEX|CONSTRAINT)\b/i,
  'list-valued properties': /\bSET\s+\w+\.\w+\s*=\s*\[/i,
};

const texts: readonly string[] = Object.values(queries).flatMap((query) => {
  if (typeof query === 'string') return [query];
  return query === queries.reachable
    ? (['upstream', 'downstream'] as const).flatMap((way) => [1, 5, 10].map((depth) => queries.reachable(way, depth)))
    : Object.keys(edgeTypes).map((type) => queries.mergeClaims(type as EdgeType));
});

const faults = (text: string) => Object.entries(lacking).flatMap(([what, found]) => (found.test(text) ? [what] : []));

describe('openCypher texts', () => {
  it.each(texts)('%s', (text) => {
    expect(faults(text)).toEqual([]);
  });

  it('are all in one file', () => {
    const adapter = readFileSync('shared/adapters/neptune/neptune-graph-database.ts', 'utf8');
    expect(adapter).not.toMatch(/\b(MATCH|MERGE|UNWIND)\b/);
    expect(texts.length).toBeGreaterThan(15);
  });

  it.each([
    ['MATCH p = shortestPath((a)-[*1..3]->(b)) RETURN p', 'shortestPath'],
    ['MATCH (a)-[*1..3 {open: $open}]->(b) RETURN b', 'a parameter or variable inside a variable-length pattern'],
    ['MATCH (a)-[*1..3 {open: a.open}]->(b) RETURN b', 'a parameter or variable inside a variable-length pattern'],
    ['MATCH (a)-[:x*]->(b) RETURN b', 'a path without an upper bound'],
    ['MATCH (a)-[:x*2..]->(b) RETURN b', 'a path without an upper bound'],
    ['MATCH (a) RETURN a UNION CREATE (b)', 'UNION with writes'],
    ['CALL { MATCH (n) RETURN n } RETURN n', 'a subquery'],
    ['RETURN 2 ^ 3', 'the power operator'],
    ['MATCH (n) RETURN n[$key]', 'dynamic property access'],
    ['MATCH (n) RETURN n LIMIT $limit', 'SKIP or LIMIT that is not a number'],
    [
      'MATCH p = (a)-[*1..2]->(b) WHERE all(r IN relationships(p) WHERE r.open) RETURN b',
      'any, all, none or single over a list',
    ],
    ['MATCH (n) RETURN datetime(n.at)', 'datetime over properties'],
    ['MATCH (n) RETURN n.`~id`', 'an id as a property, which it is in patterns only'],
    ['MATCH (n) SET n.tags = [1, 2]', 'list-valued properties'],
  ])('would not be %s', (text, fault) => {
    expect(faults(text)).toContain(fault);
  });
});
